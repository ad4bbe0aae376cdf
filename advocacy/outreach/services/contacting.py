"""Note who was met, and be reminded to follow up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import flag_modified

from advocacy.audit import services as audit
from advocacy.campaigns.models import Bill
from advocacy.campaigns.queries import campaigns
from advocacy.campaigns.services import checks
from advocacy.civic.services import directory
from advocacy.coalitions import queries as coalition_queries
from advocacy.coalitions import rules as coalition_rules
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.legislators import queries as legislators
from advocacy.outreach import contact_queries, queries
from advocacy.outreach.contact_models import ContactBill, ContactMember
from advocacy.outreach.models import ContactKind, ContactLog, LobbyingKind
from advocacy.reminders.rules import instant_of
from advocacy.reminders.services import deadlines as reminders

KIND = "contact_log"
DEADLINE = "contact_follow_up"
MORNING = time(9, 0)
KEPT = timedelta(days=30)
"""How long a contact that was taken out can be put back."""


@dataclass(frozen=True)
class Contact:
    """What somebody notes of a contact."""

    office: str
    kind: str
    happened_on: date
    legislator_key: str = ""
    participants: str = ""
    member_ids: tuple[int, ...] = ()
    staff: str = ""
    bill_id: int | None = None
    further_bill_ids: tuple[int, ...] = ()
    letter_id: int | None = None
    lobbying_kind: str | None = None
    lobbying_reason: str = ""
    outcome: str = ""
    notes: str = ""
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
    _fill(actor, row, given)
    db.session.add(row)
    db.session.flush()
    _set_parts(row, given)
    _set_reminder(row)
    audit.record(actor, "contact.noted", KIND, row.id, coalition_id=coalition_id, facts={"kind": row.kind})
    return row


def change_contact(actor: Actor, public_id: str, given: Contact, *, version: int) -> ContactLog:
    """Mend what was noted.

    Raises: NotFound, NotAllowed, RuleBroken; Conflict when somebody changed it since ``version``.
    """
    row = _living(actor, public_id)
    checks.require_version(row.version, version)
    db.session.execute(delete(ContactBill).where(ContactBill.contact_id == row.id))
    _fill(actor, row, given)
    flag_modified(row, "kind")  # the version goes up also where only who took part changes
    db.session.flush()
    _set_parts(row, given)
    _set_reminder(row)
    audit.record(actor, "contact.changed", KIND, row.id, coalition_id=row.coalition_id)
    return row


def follow_up(actor: Actor, public_id: str) -> ContactLog:
    """Note that it was followed up: nobody is reminded any more.

    Raises: NotFound, NotAllowed, Conflict.
    """
    row = _living(actor, public_id)
    if row.follow_up_on is None or row.followed_up_at is not None:
        raise Conflict(_("There is nothing to follow up here."))
    row.followed_up_at = clock.now()
    db.session.flush()
    _set_reminder(row)
    audit.record(actor, "contact.followed_up", KIND, row.id, coalition_id=row.coalition_id)
    return row


def remove_contact(actor: Actor, public_id: str, *, version: int) -> ContactLog:
    """Take a contact out of the log: nobody is reminded of it, and for a while it can be put back.

    Raises: NotFound, NotAllowed; Conflict when somebody changed it since ``version``.
    """
    row = contact_queries.contact(actor, public_id, queries.MANAGE, lock=True)
    checks.require_version(row.version, version)
    if row.removed_at is not None:
        raise Conflict(_("This contact was taken out already."))
    row.removed_at = clock.now()
    db.session.flush()
    _set_reminder(row)
    audit.record(actor, "contact.removed", KIND, row.id, coalition_id=row.coalition_id)
    return row


def restore_contact(actor: Actor, public_id: str) -> ContactLog:
    """Put a contact back; a follow-up that still lies ahead reminds again.

    Raises: NotFound, NotAllowed, Conflict when it is in the log.
    """
    row = contact_queries.contact(actor, public_id, queries.MANAGE, lock=True)
    if row.removed_at is None:
        raise Conflict(_("This contact is in the log."))
    row.removed_at = None
    db.session.flush()
    _set_reminder(row)
    audit.record(actor, "contact.restored", KIND, row.id, coalition_id=row.coalition_id)
    return row


def purge_removed(before: datetime, limit: int) -> int:
    """Delete contacts that were taken out before a time, with who took part."""
    gone = select(ContactLog.id).where(ContactLog.removed_at < before).limit(limit)
    ids = db.session.scalars(gone).all()
    dropped = delete(ContactLog).where(ContactLog.id.in_(ids), ContactLog.removed_at < before)
    db.session.execute(dropped.execution_options(synchronize_session=False))
    return len(ids)


def _fill(actor: Actor, row: ContactLog, given: Contact) -> None:
    if not given.office:
        raise RuleBroken(_("Say who was reached."), field="office")
    if given.kind not in set(ContactKind):
        raise RuleBroken(_("Choose how they were reached."), field="kind")
    if given.happened_on > clock.now().date() and given.happened_on > campaigns.today(row.coalition_id):
        raise RuleBroken(_("This day lies ahead. Note a contact once it has happened."), field="happened_on")
    if given.follow_up_on is not None and given.follow_up_on < given.happened_on:
        raise RuleBroken(_("Follow up on a later day."), field="follow_up_on")
    if given.legislator_key not in {"", row.legislator_key} and not _is_known(actor, given.legislator_key):
        raise RuleBroken(_("Choose a lawmaker from the directory."), field="lawmaker")
    _require_lobbying(row.coalition_id, given)
    newcomers = set(given.member_ids) - _members(row)
    if newcomers and not newcomers <= set(contact_queries.may_take_part(row.coalition_id)):
        raise RuleBroken(_("Choose people of your coalition."), field="members")
    row.office, row.kind, row.happened_on = given.office, given.kind, given.happened_on
    row.legislator_key = given.legislator_key
    row.participants, row.staff = given.participants, given.staff
    row.bill_id, row.letter_id = given.bill_id, given.letter_id
    row.lobbying_kind, row.lobbying_reason = given.lobbying_kind, given.lobbying_reason
    if given.follow_up_on != row.follow_up_on:
        row.followed_up_at = None
    row.outcome, row.notes, row.follow_up_on = given.outcome, given.notes, given.follow_up_on


def _is_known(actor: Actor, key: str) -> bool:
    """Whether a pack or the coalition's own list names this person."""
    return bool(legislators.names(actor, [key])) if legislators.is_own(key) else directory.person(key) is not None


def _require_lobbying(coalition_id: int, given: Contact) -> None:
    """About a bill it is said whether it was lobbying, and why not (domain I-057)."""
    if given.further_bill_ids and given.bill_id is None:
        raise RuleBroken(_("Choose the first bill here, the others below."), field="bill")
    if given.bill_id is not None:
        wanted = {given.bill_id, *given.further_bill_ids}
        known = select(Bill.id).where(Bill.id.in_(wanted), Bill.coalition_id == coalition_id)
        if set(db.session.execute(known).scalars()) != wanted:
            raise RuleBroken(_("This bill is not on your list."), field="bill")
        if given.lobbying_kind is None:
            raise RuleBroken(_("It was about a bill, so say whether it was lobbying."), field="lobbying_kind")
    if given.lobbying_kind is not None and given.lobbying_kind not in set(LobbyingKind):
        raise RuleBroken(_("Choose from the list."), field="lobbying_kind")
    if given.lobbying_kind == LobbyingKind.NOT_LOBBYING and not given.lobbying_reason:
        raise RuleBroken(_("Say why it was not lobbying."), field="lobbying_reason")


def _set_parts(row: ContactLog, given: Contact) -> None:
    """Keep who took part and what else it was about."""
    known, wanted = _members(row), set(given.member_ids)
    left = delete(ContactMember).where(ContactMember.contact_id == row.id, ContactMember.user_id.in_(known - wanted))
    db.session.execute(left)
    here = {"coalition_id": row.coalition_id, "contact_id": row.id}
    db.session.add_all(ContactMember(**here, user_id=user_id) for user_id in sorted(wanted - known))
    others = sorted({*given.further_bill_ids} - {given.bill_id})
    db.session.add_all(ContactBill(**here, bill_id=bill_id, first_bill_id=given.bill_id) for bill_id in others)
    db.session.flush()


def _members(row: ContactLog) -> set[int]:
    return set(contact_queries.members([row.id]).get(row.id, ())) if row.id is not None else set()


def _living(actor: Actor, public_id: str) -> ContactLog:
    """A contact that may be changed, locked.

    Raises: NotFound, NotAllowed; Conflict when it was taken out.
    """
    row = contact_queries.contact(actor, public_id, queries.MANAGE, lock=True)
    if row.removed_at is not None:
        raise Conflict(_("This contact was taken out. Put it back to change it."))
    return row


def _set_reminder(row: ContactLog) -> None:
    if row.follow_up_on is None or row.followed_up_at is not None or row.removed_at is not None:
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
