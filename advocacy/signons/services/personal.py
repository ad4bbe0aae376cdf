"""What people do who sign a letter for themselves: give a name, confirm it from the mail, change it, take it back.

Whoever asks on the page gets one answer whatever is known of the address; only its mailbox learns more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from advocacy.audit import services as audit
from advocacy.core import clock, crypto, logs, tokens
from advocacy.core.actor import Actor, Channel
from advocacy.core.db import db
from advocacy.core.errors import Conflict, Gone, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.signons import people_linking, people_queries, people_rules, queries, rules
from advocacy.signons.models import LetterState, SignOnLetter
from advocacy.signons.people_models import MAX_MAILS, LetterPeople, PersonalSignOn, PersonShown, PersonState
from advocacy.signons.services import forgetting, lettering, people_mail
from advocacy.web import limits

log = logs.get("signons")
DAY_S = 86_400
S = PersonState


@dataclass(frozen=True)
class GivenName:
    """What somebody fills in on the public page; ``is_trapped`` where a robot did."""

    name: str
    place: str
    email: str
    shown: str
    consent: bool
    text_version: int
    locale: str = "en"
    is_trapped: bool = False


class LinkEnd(StrEnum):
    """Why a link of a mail does nothing any more."""

    COUNTED = "counted"
    EXPIRED = "expired"
    GONE = "gone"
    UNKNOWN = "unknown"


class LinkUsed(Gone):
    """A link that was used or has expired; the page says what to do."""

    def __init__(self, end: LinkEnd, slug: str | None = None) -> None:
        super().__init__(_("This link was used or has expired."))
        self.end = end
        self.slug = slug


def give_name(slug: str, given: GivenName) -> None:
    """Take a name in and write to its mailbox; the caller cannot tell a new name from a double or a held one.

    Raises: NotFound, Conflict when the letter takes no names or its words changed, RuleBroken naming the field.
    """
    letter = queries.public_letter(slug)
    people = people_queries.of_letter(letter.id)
    if people is None or not people.is_open or not rules.is_collecting(letter, clock.now()):
        raise Conflict(_("This letter takes no more signatures."))
    _require_whole(given)
    _require_words(letter, given.text_version)
    key = people_queries.email_key(letter.coalition_id, given.email)
    most = current_app.extensions["advocacy.settings"].limits.sign_address_day
    # A soft limit holds silently: an answer that differs would tell whether somebody else used this address.
    is_over = bool(most) and limits.hit("sign_on_address", key.hex(), DAY_S) > most
    if given.is_trapped or is_over:
        log.info("sign_on_person_held", letter_id=letter.id, is_trapped=given.is_trapped)
        return
    row = _live(letter.id, key) or _add(letter, people, given, key)
    if row is None or row.mail_count >= MAX_MAILS:
        return
    if row.state == S.PENDING:  # the newest words stand; the owner of the mailbox reads them before the one press
        _fill(row, given)
    row.mail_count += 1
    db.session.flush()
    people_mail.answer(letter, row)


def waiting(token: str) -> tuple[PersonalSignOn, SignOnLetter]:
    """The name that a good confirm link would confirm.

    Raises: LinkUsed.
    """
    row = people_linking.by_link(token)
    if row is None:
        raise LinkUsed(LinkEnd.UNKNOWN)
    letter = db.session.get_one(SignOnLetter, row.letter_id)
    slug = letter.slug if letter.state in rules.PUBLIC_STATES else None
    if row.state in {S.SIGNED, S.NEEDS_RECONFIRM}:
        raise LinkUsed(LinkEnd.COUNTED, slug)
    if row.state != S.PENDING:
        raise LinkUsed(LinkEnd.GONE, slug)
    if not tokens.is_derived_token(token, people_linking.CONFIRM, row.public_id, row.confirm_nonce):
        raise LinkUsed(LinkEnd.UNKNOWN)
    now = clock.now()
    is_late = row.confirm_until is not None and row.confirm_until <= now
    if is_late or not rules.is_collecting(letter, now):
        raise LinkUsed(LinkEnd.EXPIRED, slug)
    return row, letter


def confirm(token: str, text_version: int) -> PersonalSignOn:
    """Let a name count under the words that were read; of several presses at once exactly one does it.

    Raises: LinkUsed, Conflict when the words changed since.
    """
    row, letter = _locked(*waiting(token))
    if row.state != S.PENDING:
        raise LinkUsed(LinkEnd.COUNTED, letter.slug)
    _sign(row, letter, text_version)
    _record("signon.person_signed", row)
    return row


def managed(token: str) -> tuple[PersonalSignOn, SignOnLetter]:
    """The signature of a manage link.

    Raises: LinkUsed when the link is not good (any more).
    """
    row = people_linking.by_link(token)
    if row is None or not tokens.is_derived_token(token, people_linking.MANAGE, row.public_id, row.manage_nonce):
        raise LinkUsed(LinkEnd.UNKNOWN)
    letter = db.session.get_one(SignOnLetter, row.letter_id)
    if row.erased_at is not None:
        raise LinkUsed(LinkEnd.GONE, letter.slug if letter.state in rules.PUBLIC_STATES else None)
    return row, letter


def change_shown(token: str, shown: str) -> None:
    """Change how the name stands under the letter, until it is frozen.

    Raises: LinkUsed, Conflict, RuleBroken.
    """
    row, letter = _locked(*managed(token))
    if shown not in set(PersonShown):
        raise RuleBroken(_("Choose one of the answers."), field="shown")
    if letter.state != LetterState.COLLECTING:
        raise Conflict(_("The letter is frozen. You can still take your name back."))
    row.shown = shown
    db.session.flush()


def confirm_again(token: str, text_version: int) -> None:
    """Sign again after the words changed.

    Raises: LinkUsed, Conflict.
    """
    row, letter = _locked(*managed(token))
    if row.state != S.NEEDS_RECONFIRM:
        raise Conflict(_("There is nothing to confirm. Please look at the page again."))
    if not rules.is_collecting(letter, clock.now()):
        raise Conflict(_("This letter takes no more signatures."))
    _sign(row, letter, text_version)
    _record("signon.person_signed_again", row)


def take_back(token: str) -> None:
    """Take a name back and erase it; from a frozen letter the name goes too, and only the number stays.

    Raises: LinkUsed.
    """
    row, letter = _locked(*managed(token))
    forgetting.forget_person(row, letter, S.RESCINDED)
    _record("signon.person_rescinded", row)


def remove(actor: Actor, public_id: str, person_id: str) -> None:
    """Take out a name that is nobody's or an insult, while the letter collects.

    Raises: NotFound, NotAllowed, Conflict.
    """
    letter = queries.letter_at_desk(actor, public_id, lettering.VERB, lock=True)
    row = people_queries.person(letter, person_id)
    if letter.state != LetterState.COLLECTING or not people_rules.is_step(row.state, S.REMOVED):
        raise Conflict(_("This letter or this signature has moved on. Please look at it again."))
    forgetting.forget_person(row, letter, S.REMOVED)
    audit.record(actor, "signon.person_removed", people_mail.ROW, row.id, coalition_id=letter.coalition_id)


def _sign(row: PersonalSignOn, letter: SignOnLetter, text_version: int) -> None:
    _require_words(letter, text_version)
    row.state, row.text_version, row.signed_at = S.SIGNED, text_version, clock.now()
    row.confirm_nonce = row.confirm_until = None
    db.session.flush()
    forgetting.count_people(letter.id, +1)


def _locked(row: PersonalSignOn, letter: SignOnLetter) -> tuple[PersonalSignOn, SignOnLetter]:
    """Both as they are now, the letter first, as everywhere: whoever rewords or freezes it holds it too."""
    db.session.refresh(letter, with_for_update={"read": True})
    db.session.refresh(row, with_for_update=True)
    return row, letter


def _live(letter_id: int, key: bytes) -> PersonalSignOn | None:
    return db.session.execute(
        select(PersonalSignOn)
        .where(
            PersonalSignOn.letter_id == letter_id,
            PersonalSignOn.email_key == key,
            PersonalSignOn.state.in_([S.PENDING, S.SIGNED, S.NEEDS_RECONFIRM]),
        )
        .with_for_update()
    ).scalar_one_or_none()


def _add(letter: SignOnLetter, people: LetterPeople, given: GivenName, key: bytes) -> PersonalSignOn | None:
    row = PersonalSignOn(
        coalition_id=letter.coalition_id,
        letter_id=letter.id,
        public_id=new_public_id(),
        state=S.PENDING,
        email_key=key,
        consent_text_id=people.consent_text_id,
        confirm_nonce=new_public_id(),
        manage_nonce=new_public_id(),
        mail_count=0,
        created_at=clock.now(),
    )
    _fill(row, given)
    row.email = _sealed(row, "email", given.email)
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:  # the same address at this very moment: that one writes the mail
        return None
    return row


def _fill(row: PersonalSignOn, given: GivenName) -> None:
    days = current_app.extensions["advocacy.settings"].petitions.confirm_days
    row.name, row.place, row.shown = _sealed(row, "name", given.name), given.place, given.shown
    row.text_version, row.locale = given.text_version, given.locale
    row.confirm_until = clock.now() + timedelta(days=days)


def _sealed(row: PersonalSignOn, column: str, plain: str) -> bytes:
    return crypto.seal(f"coalition:{row.coalition_id}", plain, table=people_mail.ROW, column=column, row=row.public_id)


def _require_whole(given: GivenName) -> None:
    for field, value in (("name", given.name), ("place", given.place), ("email", given.email)):
        if not value:
            raise RuleBroken(_("Please fill this in."), field=field)
    if given.shown not in set(PersonShown):
        raise RuleBroken(_("Choose one of the answers."), field="shown")
    if not given.consent:
        raise RuleBroken(_("We need your yes to put your name under the letter."), field="consent")


def _require_words(letter: SignOnLetter, text_version: int) -> None:
    if not letter.material_version <= text_version <= letter.text_version:
        raise Conflict(_("The words of the letter changed while you read them. Please read them again."))


def _record(action: str, row: PersonalSignOn) -> None:
    """Whoever holds the link has no account."""
    actor = Actor(coalition_id=row.coalition_id, channel=Channel.WEB)
    facts = {"letter_id": row.letter_id}
    audit.record(actor, action, people_mail.ROW, row.id, coalition_id=row.coalition_id, facts=facts)
