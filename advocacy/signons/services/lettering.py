"""Write a letter, change its facts, take it a step further."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import exists, select

from advocacy.audit import services as audit
from advocacy.campaigns.models import Bill
from advocacy.coalitions import queries as coalition_queries
from advocacy.coalitions import rules as coalition_rules
from advocacy.consent import services as consent
from advocacy.consent.models import Use
from advocacy.core import clock, crypto, logs
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.reminders.services import deadlines as reminders
from advocacy.signons import people_queries, queries, rules
from advocacy.signons.models import LetterState, SignOnLetter, SignOnText, TextKind
from advocacy.signons.people_models import LetterPeople

log = logs.get("signons")
KIND = "sign_on_letter"
VERB = queries.MANAGE
INTERNAL, FINAL = "sign_on_internal", "sign_on_final"


@dataclass(frozen=True)
class Facts:
    """What a letter is about besides its words."""

    title: str
    addressees: str
    internal_due: datetime
    final_due: datetime
    bill_id: int | None = None
    is_lobbying: bool = False
    takes_people: bool = False


def create_letter(actor: Actor, coalition_id: int, facts: Facts, *, slug: str, body: str) -> SignOnLetter:
    """Write a draft.

    Raises: NotAllowed, RuleBroken naming the field.
    """
    coalition_rules.require(actor, VERB, coalition_id)
    if not coalition_rules.is_slug(slug):
        raise RuleBroken(_("Use lower-case letters, digits and hyphens for the address of the page."), field="slug")
    if db.session.execute(select(exists().where(SignOnLetter.slug == slug))).scalar():
        raise RuleBroken(_("Another letter has this address already."), field="slug")
    letter = SignOnLetter(
        coalition_id=coalition_id,
        public_id=new_public_id(),
        slug=slug,
        tz=coalition_queries.coalition(coalition_id).tz,
        state=LetterState.DRAFT,
        text_version=1,
        material_version=1,
        created_by=actor.user_id,
        created_at=clock.now(),
    )
    _fill(letter, facts)
    if not body:
        raise RuleBroken(_("Write the letter."), field="body")
    crypto.data_keys.for_scope(f"coalition:{coalition_id}")  # so that signing never has to make it
    db.session.add(letter)
    db.session.flush()
    first = SignOnText(
        coalition_id=coalition_id,
        letter_id=letter.id,
        number=1,
        kind=TextKind.DRAFT,
        body=body,
        written_by=actor.user_id,
        written_at=clock.now(),
    )
    db.session.add(first)
    _open_to_people(letter, is_open=facts.takes_people)
    _record(actor, "signon.created", letter, {"is_lobbying": letter.is_lobbying})
    return letter


def change_letter(actor: Actor, public_id: str, facts: Facts, *, version: int) -> SignOnLetter:
    """Change what a letter is about; once it collects, only its dates, its title and who may sign it move.

    Raises: NotFound, NotAllowed, RuleBroken; Conflict when somebody changed it since ``version``.
    """
    letter = queries.letter_at_desk(actor, public_id, VERB, lock=True)
    require_version(letter, version)
    if letter.state not in rules.EDITABLE and letter.state != LetterState.COLLECTING:
        raise RuleBroken(_("This letter has ended. What stands in it stays as it is."))
    settled = (facts.bill_id, facts.is_lobbying, facts.addressees)
    if letter.state == LetterState.COLLECTING and settled != (letter.bill_id, letter.is_lobbying, letter.addressees):
        raise RuleBroken(
            _("Organizations are signing. Whom the letter goes to, its bill and whether it lobbies stay as they are."),
            field="addressees" if facts.addressees != letter.addressees else "bill",
        )
    moved = (facts.internal_due, facts.final_due) != (letter.internal_due, letter.final_due)
    _fill(letter, facts)
    if moved and letter.state == LetterState.COLLECTING:
        _require_future(letter)
        set_deadlines(letter)
    _open_to_people(letter, is_open=facts.takes_people)
    db.session.flush()
    _record(actor, "signon.changed", letter, {"moved": moved, "takes_people": facts.takes_people})
    return letter


def move_letter(actor: Actor, public_id: str, state: LetterState) -> SignOnLetter:
    """Ask for a review, send back to the draft, or open it for signatures.

    Raises: NotFound, NotAllowed, Conflict, RuleBroken.
    """
    letter = queries.letter_at_desk(actor, public_id, VERB, lock=True)
    rules.require_step(letter, state)
    if state not in {LetterState.DRAFT, LetterState.REVIEW, LetterState.COLLECTING}:
        raise Conflict(_("This step has its own button."))
    if state == LetterState.COLLECTING:
        _require_future(letter)
        letter.opened_at = clock.now()
    step(actor, letter, state)
    if state == LetterState.COLLECTING:
        set_deadlines(letter)
    return letter


def step(actor: Actor, letter: SignOnLetter, state: LetterState) -> None:
    """Note a step; whether it may be taken is for the caller to ask."""
    before, letter.state = letter.state, state
    db.session.flush()
    _record(actor, f"signon.{state}", letter, {"from": str(before)})
    log.info("signon_step", letter_id=letter.id, state=str(state))


def set_deadlines(letter: SignOnLetter) -> None:
    """Let organizers be reminded of both dates."""
    for kind, due_at in ((INTERNAL, letter.internal_due), (FINAL, letter.final_due)):
        reminders.set_deadline(
            kind=kind,
            coalition_id=letter.coalition_id,
            object_kind=KIND,
            object_id=letter.id,
            due_at=due_at,
            tz=letter.tz,
        )


def drop_deadlines(letter: SignOnLetter) -> None:
    """Nobody is reminded any more."""
    for kind in (INTERNAL, FINAL):
        reminders.drop_deadline(kind, KIND, letter.id)


def require_version(letter: SignOnLetter, version: int) -> None:
    """Refuse a change made from an old copy.

    Raises: Conflict.
    """
    if letter.version != version:
        raise Conflict(_("Somebody changed this letter while you wrote. Please look again and repeat your change."))


def _fill(letter: SignOnLetter, facts: Facts) -> None:
    if not facts.title:
        raise RuleBroken(_("Give the letter a title."), field="title")
    if not facts.addressees:
        raise RuleBroken(_("Say whom the letter goes to."), field="addressees")
    if facts.internal_due >= facts.final_due:
        raise RuleBroken(
            _("Your own date must lie before the last date, so that there is time to put the letter together."),
            field="internal_due_on",
        )
    if facts.is_lobbying and facts.bill_id is None:
        raise RuleBroken(_("A letter that lobbies is about a bill. Please choose the bill."), field="bill")
    if facts.bill_id is not None:
        known = select(exists().where(Bill.id == facts.bill_id, Bill.coalition_id == letter.coalition_id))
        if not db.session.execute(known).scalar():
            raise RuleBroken(_("This bill is not on your list."), field="bill")
    letter.title, letter.addressees = facts.title, facts.addressees
    letter.internal_due, letter.final_due = facts.internal_due, facts.final_due
    letter.bill_id, letter.is_lobbying = facts.bill_id, facts.is_lobbying


def _open_to_people(letter: SignOnLetter, *, is_open: bool) -> None:
    """Let people sign for themselves, with the words of consent now in force, or end that; who has signed stays."""
    found = people_queries.of_letter(letter.id)
    if found is not None:
        found.is_open = is_open
    elif is_open:
        db.session.add(
            LetterPeople(
                letter_id=letter.id,
                coalition_id=letter.coalition_id,
                is_open=True,
                consent_text_id=consent.current_text(Use.SIGN_ON_NAME).id,
                signed_count=0,
            )
        )
    db.session.flush()


def _require_future(letter: SignOnLetter) -> None:
    if letter.internal_due <= clock.now():
        raise RuleBroken(_("Your own date must lie in the future."), field="internal_due_on")


def _record(actor: Actor, action: str, letter: SignOnLetter, facts: dict[str, object]) -> None:
    audit.record(actor, action, KIND, letter.id, coalition_id=letter.coalition_id, facts=facts)
