"""Confirm a signature from its mail, once, and show what belongs to it for a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select, update

from advocacy.core import clock, logs, tokens, uow
from advocacy.core.db import db
from advocacy.core.errors import Gone, NotFound
from advocacy.messaging.services import sending
from advocacy.petitions import linking, rules, signals
from advocacy.petitions.models import MAX_MAILS, Petition, Signature, SignatureState
from advocacy.petitions.services import opting, placing, streets, tallying

log = logs.get("petitions")
THANKS_MAIL = "petitions.thank_you"


class LinkEnd(StrEnum):
    """Why a confirm link does nothing any more."""

    COUNTED = "counted"
    EXPIRED = "expired"
    CHECKING = "checking"
    TAKEN_BACK = "taken_back"
    UNKNOWN = "unknown"


class LinkUsed(Gone):
    """A confirm link that was used or has expired; the page says what to do."""

    def __init__(self, end: LinkEnd, slug: str | None = None) -> None:
        super().__init__(_("This link was used or has expired."))
        self.end = end
        self.slug = slug


@dataclass(frozen=True)
class Confirmed:
    """Where the signer goes next."""

    slug: str
    receipt: str


def waiting_signature(token: str) -> tuple[Signature, Petition]:
    """The signature that a good confirm link would confirm.

    Raises: LinkUsed.
    """
    found = linking.by_link(token)
    if found is None:
        raise LinkUsed(LinkEnd.UNKNOWN)
    signature, petition = found
    if signature.state == SignatureState.VERIFIED:
        raise LinkUsed(LinkEnd.COUNTED, petition.slug)
    if signature.state in {SignatureState.QUARANTINED, SignatureState.INVALIDATED}:
        raise LinkUsed(LinkEnd.CHECKING, petition.slug)
    if signature.state != SignatureState.PENDING:
        raise LinkUsed(LinkEnd.TAKEN_BACK, petition.slug)
    if not tokens.is_derived_token(token, linking.CONFIRM, signature.public_id, signature.confirm_nonce):
        raise LinkUsed(LinkEnd.UNKNOWN)
    now = clock.now()
    is_late = signature.confirm_until is not None and signature.confirm_until <= now
    if is_late or not rules.can_confirm(petition, now):
        raise LinkUsed(LinkEnd.EXPIRED, petition.slug)
    return signature, petition


@dataclass(frozen=True)
class Waiting:
    """A signature that its link may confirm, as it was read."""

    signature_id: int
    nonce: str | None
    petition_id: int
    coalition_id: int
    slug: str
    tz: str
    place: placing.Place
    wants_thanks: bool
    asks_street: bool = False


def read_link(token: str) -> Waiting:
    """What a confirm link would confirm, and where the signer lives: all the looking up, before anything is written.

    Raises: LinkUsed.
    """
    with uow.reading_first():
        signature, petition = waiting_signature(token)
        return Waiting(
            signature_id=signature.id,
            nonce=signature.confirm_nonce,
            petition_id=petition.id,
            coalition_id=petition.coalition_id,
            slug=petition.slug,
            tz=petition.tz,
            place=placing.place_of(signature.postal_code, signature.country),
            wants_thanks=petition.thanks_mail,
            asks_street=petition.asks_street,
        )


def confirm_signature(token: str, *, locale: str = "en") -> Confirmed:
    """Let a signature count, and thank its owner by mail; of several at once exactly one does it.

    Announces: ``signature_confirmed``. Raises: LinkUsed.
    """
    return confirm(read_link(token), locale=locale)


def confirm(waiting: Waiting, *, locale: str = "en") -> Confirmed:
    """Let a signature count that was read before; of several at once exactly one does it.

    Announces: ``signature_confirmed``. Raises: LinkUsed.
    """
    now = clock.now()
    receipt = tokens.new_token()
    keep = timedelta(hours=current_app.extensions["advocacy.settings"].petitions.receipt_h)
    won = db.session.execute(
        update(Signature)
        .where(
            Signature.id == waiting.signature_id,
            Signature.state == SignatureState.PENDING,
            Signature.confirm_nonce == waiting.nonce,
        )
        .values(
            state=SignatureState.VERIFIED,
            verified_at=now,
            verified_on=now.astimezone(ZoneInfo(waiting.tz)).date(),
            confirm_nonce=None,
            confirm_until=None,
            receipt_hash=tokens.token_hash(receipt),
            receipt_until=now + keep,
            placement=waiting.place.placement,
            state_code=waiting.place.state_code,
            division_id=waiting.place.division_id,
            town=waiting.place.town,
        )
        .execution_options(synchronize_session=False)
        .returning(Signature.id)
    ).scalar_one_or_none()
    if won is None:
        raise LinkUsed(LinkEnd.COUNTED, waiting.slug)
    signature = db.session.get_one(Signature, won, populate_existing=True)
    tallying.record_change(signature, +1)
    opting.record_wish(signature, "confirm_link")
    opting.record_partner_wish(signature, "confirm_link")
    if waiting.asks_street:
        streets.look_up_later(signature)
    if waiting.wants_thanks:
        _thank(signature, locale)
    db.session.flush()
    signals.signature_confirmed.send(
        signature_id=won, petition_id=waiting.petition_id, coalition_id=waiting.coalition_id
    )
    log.info("signature_confirmed", signature_id=won, petition_id=waiting.petition_id)
    return Confirmed(waiting.slug, receipt)


def _thank(signature: Signature, locale: str) -> None:
    """Queue the one thank-you mail of a signature; it counts among the few mails that a signature ever gets.

    Needs: the row as this transaction has just changed it, so that nobody else counts mails meanwhile.
    """
    if signature.email is None or signature.mail_count >= MAX_MAILS:
        return
    queued = sending.queue_mail(
        kind=THANKS_MAIL,
        to=opting.signer_email(signature),
        coalition_id=signature.coalition_id,
        object_kind="signature",
        object_id=signature.id,
        locale=locale,
        key=f"signature:{signature.public_id}:thanks",
    )
    if queued is not None:
        signature.mail_count += 1


def receipted_signature(slug: str, receipt: str) -> tuple[Signature, Petition]:
    """The signature of a fresh receipt.

    Raises: NotFound, Gone after a day.
    """
    found = db.session.execute(
        select(Signature, Petition)
        .join(Petition, Petition.id == Signature.petition_id)
        .where(Signature.receipt_hash == tokens.token_hash(receipt), Petition.slug == slug)
    ).one_or_none()
    if found is None:
        raise NotFound
    signature, petition = found
    if signature.receipt_until is None or signature.receipt_until <= clock.now():
        raise Gone(_("This page was kept for one day. Your signature stays as it is."))
    return signature, petition
