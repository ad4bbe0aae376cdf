"""Set, move and drop deadlines, with what is to be said before them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tzdata
from sqlalchemy import delete, select, update

from advocacy.core import clock, logs
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.reminders import rules
from advocacy.reminders.desk_queries import OWN
from advocacy.reminders.models import OPEN, Deadline, DeadlineState, Reminder, ReminderState
from advocacy.reminders.own_models import OwnDeadline
from advocacy.web.manifest import ReminderKind, house

log = logs.get("reminders")


@dataclass(frozen=True)
class Terms:
    """How a deadline came about: by which rule and event; where that stands, and when somebody last read it there."""

    rule: rules.type_rule | None = None
    event_at: datetime | None = None
    source: str = ""
    verified_at: datetime | None = None


PLAIN = Terms()


def set_deadline(
    *,
    kind: str,
    coalition_id: int | None,
    object_kind: str,
    object_id: int,
    due_at: datetime,
    tz: str,
    terms: Terms = PLAIN,
) -> int:
    """Set a deadline or move it; reminders of an older date are superseded in the same transaction (I-143).

    The same date again moves nothing. Reminders whose time is already past are not said.

    Raises: RuleBroken when ``tz`` is no time zone.
    """
    zone = zone_of(tz)
    due_at = due_at.astimezone(UTC)
    row = _locked(kind, object_kind, object_id)
    if row is not None and (row.due_at, row.tz, row.state) == (due_at, tz, DeadlineState.UPCOMING):
        _note_terms(row, terms, zone)
        return row.id
    if row is None:
        row = Deadline(kind=kind, object_kind=object_kind, object_id=object_id, rev=0)
        db.session.add(row)
    row.coalition_id, row.tz = coalition_id, tz
    move(row, due_at, zone)
    _note_terms(row, terms, zone)
    return row.id


def move(row: Deadline, due_at: datetime, zone: ZoneInfo) -> None:
    """Let a deadline be due at another instant: the one way in which a revision begins."""
    now = clock.now()
    if row.rev:
        _end_reminders(row, ReminderState.SUPERSEDED, "moved")
    row.rev += 1
    row.due_at, row.due_local, row.zone_data = due_at, local_text(due_at, zone), tzdata.IANA_VERSION
    row.state = DeadlineState.UPCOMING
    row.set_at, row.handed_at = now, None
    row.next_at = rules.first_look(reminder_kind(row.kind).offsets, due_at, zone, now)
    db.session.flush()
    log.info("deadline_set", deadline_id=row.id, rev=row.rev)


def local_text(at: datetime, zone: ZoneInfo) -> str:
    """What clocks on the wall of a place show at an instant, as it is stored."""
    return at.astimezone(zone).replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")


def meet_deadline(kind: str, object_kind: str, object_id: int) -> None:
    """Say that what was due is done: nobody is reminded any more; also when its time had passed."""
    row = _locked(kind, object_kind, object_id)
    if row is None or row.state in {DeadlineState.MET, DeadlineState.VOID}:
        return
    _end_reminders(row, ReminderState.SUPPRESSED, "done")
    row.state, row.next_at, row.handed_at = DeadlineState.MET, None, None
    log.info("deadline_met", deadline_id=row.id, rev=row.rev)


def drop_deadline(kind: str, object_kind: str, object_id: int) -> None:
    """Let a deadline fall: nobody is reminded any more, nothing happens at its time."""
    row = _locked(kind, object_kind, object_id)
    if row is None or row.state in {DeadlineState.MET, DeadlineState.VOID}:
        return
    _end_reminders(row, ReminderState.SUPPRESSED, "dropped")
    row.state, row.next_at, row.handed_at = DeadlineState.VOID, None, None
    log.info("deadline_dropped", deadline_id=row.id, rev=row.rev)


def reopen_deadline(kind: str, object_kind: str, object_id: int) -> None:
    """Take back that a deadline was met or dropped: it is due as before, as a new revision."""
    row = _locked(kind, object_kind, object_id)
    if row is not None and row.state != DeadlineState.UPCOMING:
        move(row, row.due_at, zone_of(row.tz))


def reminder_kind(name: str) -> ReminderKind:
    """The kind of deadline that a room announced under this name."""
    found = house().reminder_kinds.get(name)
    if found is None:
        message = f"no room announces the reminder kind {name!r} in its manifest"
        raise LookupError(message)
    return found


def zone_of(tz: str) -> ZoneInfo:
    """The time zone of this IANA name.

    Raises: RuleBroken when there is none.
    """
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RuleBroken(f"{tz[:64]!r} is not a time zone.", field="tz") from None


def purge_deadlines(before: datetime, limit: int) -> int:
    """Delete deadlines that ended before ``before``, with what was said."""
    ended = select(Deadline.id).where(Deadline.next_at.is_(None), Deadline.due_at < before).limit(limit)
    ids = db.session.scalars(ended).all()
    own = select(Deadline.object_id).where(Deadline.id.in_(ids), Deadline.kind == OWN)
    kept = delete(OwnDeadline).where(OwnDeadline.id.in_(own))
    db.session.execute(kept.execution_options(synchronize_session=False))
    for table in (Reminder, Deadline):
        column = Reminder.deadline_id if table is Reminder else Deadline.id
        db.session.execute(delete(table).where(column.in_(ids)).execution_options(synchronize_session=False))
    return len(ids)


def _locked(kind: str, object_kind: str, object_id: int) -> Deadline | None:
    return db.session.execute(
        select(Deadline).filter_by(kind=kind, object_kind=object_kind, object_id=object_id).with_for_update()
    ).scalar_one_or_none()


def _note_terms(row: Deadline, terms: Terms, zone: ZoneInfo) -> None:
    row.rule = None if terms.rule is None else rules.as_data(terms.rule)
    row.source, row.verified_at, row.event_at = terms.source, terms.verified_at, terms.event_at
    row.event_local = None if terms.event_at is None else local_text(terms.event_at, zone)


def _end_reminders(row: Deadline, state: ReminderState, reason: str) -> None:
    """End what is planned, claimed by a sweep or waiting as a mail."""
    db.session.execute(
        update(Reminder)
        .where(Reminder.deadline_id == row.id, Reminder.state.in_(OPEN))
        .values(state=state, reason=reason, claimed_until=None)
        .execution_options(synchronize_session=False)
    )
