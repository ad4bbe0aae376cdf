"""Note who was met, and be reminded to follow up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import exists, select

from advocacy.audit import services as audit
from advocacy.campaigns.models import Bill
from advocacy.civic.services import directory
from advocacy.coalitions import queries as coalition_queries
from advocacy.coalitions import rules as coalition_rules
from advocacy.core import clock, safe_csv
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.outreach import queries
from advocacy.outreach.models import ContactKind, ContactLog, LobbyingKind
from advocacy.reminders import services as reminders
from advocacy.reminders.rules import instant_of

KIND = "contact_log"
DEADLINE = "contact_follow_up"
MORNING = time(9, 0)
COLUMNS = (
    "day",
    "how",
    "who",
    "lawmaker",
    "lawmaker_id",
    "took_part",
    "bill",
    "lobbying",
    "not_lobbying_because",
    "outcome",
    "follow_up_on",
)


@dataclass(frozen=True)
class Contact:
    """What somebody notes of a contact."""

    office: str
    kind: str
    happened_on: date
    legislator_key: str = ""
    participants: str = ""
    bill_id: int | None = None
    letter_id: int | None = None
    lobbying_kind: str | None = None
    lobbying_reason: str = ""
    outcome: str = ""
    follow_up_on: date | None = None


def log_contact(actor: Actor, coalition_id: int, given: Contact) -> ContactLog:
    """Note a contact; a follow-up date reminds the organizers.

    Raises: NotAllowed, RuleBroken naming the field.
    """
    coalition_rules.require(actor, queries.MANAGE, coalition_id)
    row = ContactLog(
        coalition_id=coalition_id,
        public_id=new_public_id(),
        entered_by=actor.user_id,
        entered_at=clock.now(),
    )
    _fill(row, given)
    db.session.add(row)
    db.session.flush()
    _set_reminder(row)
    audit.record(actor, "contact.noted", KIND, row.id, coalition_id=coalition_id, facts={"kind": row.kind})
    return row


def change_contact(actor: Actor, public_id: str, given: Contact, *, version: int) -> ContactLog:
    """Mend what was noted.

    Raises: NotFound, NotAllowed, RuleBroken; Conflict when somebody changed it since ``version``.
    """
    row = queries.contact(actor, public_id, queries.MANAGE)
    if row.version != version:
        raise Conflict(_("Somebody changed this meanwhile. Please look at it again and repeat your change."))
    _fill(row, given)
    db.session.flush()
    _set_reminder(row)
    audit.record(actor, "contact.changed", KIND, row.id, coalition_id=row.coalition_id)
    return row


def follow_up(actor: Actor, public_id: str) -> ContactLog:
    """Note that it was followed up: nobody is reminded any more.

    Raises: NotFound, NotAllowed, Conflict.
    """
    row = queries.contact(actor, public_id, queries.MANAGE)
    if row.follow_up_on is None or row.followed_up_at is not None:
        raise Conflict(_("There is nothing to follow up here."))
    row.followed_up_at = clock.now()
    db.session.flush()
    _set_reminder(row)
    audit.record(actor, "contact.followed_up", KIND, row.id, coalition_id=row.coalition_id)
    return row


def export(actor: Actor, kinds: Mapping[ContactKind, Any]) -> Iterator[bytes]:
    """The coalition's contacts as CSV, oldest first, noted in the record first; ``kinds`` are the words for the ways.

    Raises: NotAllowed, NotFound.
    """
    coalition_rules.require(actor, queries.MANAGE)
    if actor.coalition_id is None:
        raise NotFound
    audit.record(actor, "contacts.exported", "coalition", actor.coalition_id, coalition_id=actor.coalition_id)
    rows = queries.every_contact(actor.coalition_id)
    names = directory.names([row.legislator_key for row, _bill in rows])
    cells: list[Sequence[safe_csv.type_cell]] = [COLUMNS]
    cells += [
        (
            row.happened_on.isoformat(),
            str(kinds[ContactKind(row.kind)]),
            row.office,
            names.get(row.legislator_key, ""),
            row.legislator_key,
            row.participants,
            bill,
            row.lobbying_kind or "",
            row.lobbying_reason,
            row.outcome,
            row.follow_up_on.isoformat() if row.follow_up_on else "",
        )
        for row, bill in rows
    ]
    return safe_csv.lines(cells)


def _fill(row: ContactLog, given: Contact) -> None:
    if not given.office:
        raise RuleBroken(_("Say who was reached."), field="office")
    if given.kind not in set(ContactKind):
        raise RuleBroken(_("Choose how they were reached."), field="kind")
    if given.happened_on > clock.now().date() and given.happened_on > _today(row.coalition_id):
        raise RuleBroken(_("This day lies ahead. Note a contact once it has happened."), field="happened_on")
    if given.follow_up_on is not None and given.follow_up_on < given.happened_on:
        raise RuleBroken(_("Follow up on a later day."), field="follow_up_on")
    if given.legislator_key not in {"", row.legislator_key} and directory.person(given.legislator_key) is None:
        raise RuleBroken(_("Choose a lawmaker from the directory."), field="lawmaker")
    _require_lobbying(row.coalition_id, given)
    row.office, row.kind, row.happened_on = given.office, given.kind, given.happened_on
    row.legislator_key, row.participants = given.legislator_key, given.participants
    row.bill_id, row.letter_id = given.bill_id, given.letter_id
    row.lobbying_kind, row.lobbying_reason = given.lobbying_kind, given.lobbying_reason
    if given.follow_up_on != row.follow_up_on:
        row.followed_up_at = None
    row.outcome, row.follow_up_on = given.outcome, given.follow_up_on


def _require_lobbying(coalition_id: int, given: Contact) -> None:
    """About a bill it is said whether it was lobbying, and why not (domain I-057)."""
    if given.bill_id is not None:
        known = select(exists().where(Bill.id == given.bill_id, Bill.coalition_id == coalition_id))
        if not db.session.execute(known).scalar():
            raise RuleBroken(_("This bill is not on your list."), field="bill")
        if given.lobbying_kind is None:
            raise RuleBroken(_("It was about a bill, so say whether it was lobbying."), field="lobbying_kind")
    if given.lobbying_kind is not None and given.lobbying_kind not in set(LobbyingKind):
        raise RuleBroken(_("Choose from the list."), field="lobbying_kind")
    if given.lobbying_kind == LobbyingKind.NOT_LOBBYING and not given.lobbying_reason:
        raise RuleBroken(_("Say why it was not lobbying."), field="lobbying_reason")


def _set_reminder(row: ContactLog) -> None:
    if row.follow_up_on is None or row.followed_up_at is not None:
        reminders.drop_deadline(DEADLINE, KIND, row.id)
        return
    zone = coalition_queries.coalition(row.coalition_id).tz
    reminders.set_deadline(
        kind=DEADLINE,
        coalition_id=row.coalition_id,
        object_kind=KIND,
        object_id=row.id,
        due_at=instant_of(datetime.combine(row.follow_up_on, MORNING), ZoneInfo(zone)),
        tz=zone,
    )


def _today(coalition_id: int) -> date:
    return clock.now().astimezone(ZoneInfo(coalition_queries.coalition(coalition_id).tz)).date()
