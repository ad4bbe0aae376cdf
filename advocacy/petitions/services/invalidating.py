"""Decide about single signatures: release a held one, or let one count no more."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import update

from advocacy.audit import services as audit
from advocacy.coalitions import rules as coalition_rules
from advocacy.core import clock, crypto
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound
from advocacy.core.ids import new_public_id
from advocacy.messaging.services import sending
from advocacy.petitions import rules
from advocacy.petitions.models import MAX_MAILS, Petition, Signature, SignatureState
from advocacy.petitions.services import tallying
from advocacy.petitions.services.telling import CONFIRM_MAIL, KIND


def release_signature(actor: Actor, petition: Petition, signature: Signature) -> None:
    """Let a held signature go on as if it had never been held: its owner gets the confirmation mail now.

    Raises: NotFound, NotAllowed, Conflict.
    """
    _require(actor, petition, signature)
    days = current_app.extensions["advocacy.settings"].petitions.confirm_days
    _move(
        signature,
        SignatureState.PENDING,
        held_reason=None,
        confirm_nonce=new_public_id(),
        confirm_until=clock.now() + timedelta(days=days),
    )
    if signature.email is not None and signature.mail_count < MAX_MAILS:
        signature.mail_count += 1
        sending.queue_mail(
            kind=CONFIRM_MAIL,
            to=crypto.open_sealed(signature.email, table=KIND, column="email", row=signature.public_id),
            coalition_id=petition.coalition_id,
            object_kind=KIND,
            object_id=signature.id,
            key=f"{KIND}:{signature.public_id}:{signature.mail_count}",
        )
    db.session.flush()
    _record(actor, "signature.released", petition, signature, SignatureState.QUARANTINED)


def invalidate_signature(actor: Actor, petition: Petition, signature: Signature) -> None:
    """A signature that was not honest counts no more, and its links end.

    Raises: NotFound, NotAllowed, Conflict.
    """
    _require(actor, petition, signature)
    before = signature.state
    if not rules.is_step(before, SignatureState.INVALIDATED):
        raise _changed()
    _move(signature, SignatureState.INVALIDATED, confirm_nonce=None, confirm_until=None, invalidated_at=clock.now())
    if before == SignatureState.VERIFIED:
        tallying.record_change(signature, -1)
    db.session.flush()
    _record(actor, "signature.invalidated", petition, signature, before)


def _require(actor: Actor, petition: Petition, signature: Signature) -> None:
    coalition_rules.require(actor, "petitions.manage", petition.coalition_id)
    if signature.petition_id != petition.id:
        raise NotFound


def _move(signature: Signature, state: SignatureState, **values: object) -> None:
    """Compare and set: of two organizers at once exactly one decides."""
    before = SignatureState.QUARANTINED if state == SignatureState.PENDING else signature.state
    moved = db.session.execute(
        update(Signature)
        .where(Signature.id == signature.id, Signature.state == before)
        .values(state=state, **values)
        .execution_options(synchronize_session=False)
        .returning(Signature.id)
    ).scalar_one_or_none()
    if moved is None:
        raise _changed()
    db.session.refresh(signature)


def _changed() -> Conflict:
    return Conflict(_("This signature has changed meanwhile. Please look again."))


def _record(actor: Actor, action: str, petition: Petition, signature: Signature, before: str) -> None:
    audit.record(
        actor,
        action,
        KIND,
        signature.id,
        coalition_id=petition.coalition_id,
        facts={"petition_id": petition.id, "from": str(before)},
    )
