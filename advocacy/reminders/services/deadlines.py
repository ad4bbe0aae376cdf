"""Set, move and drop deadlines, with what is to be said before them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import delete, select, update

from advocacy.core import clock, logs
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.reminders import rules
from advocacy.reminders.models import Deadline, DeadlineState, Reminder, ReminderState
from advocacy.web.manifest import ReminderKind, house

log = logs.get("reminders")


def set_deadline(
    *, kind: str, coalition_id: int | None, object_kind: str, object_id: int, due_at: datetime, tz: str
) -> int:
    """Set a deadline or move it; reminders of an older date are superseded in the same transaction (I-143).

    The same date again changes nothing. Reminders whose time is already past are not said.

    Raises: RuleBroken when ``tz`` is no time zone.
    """
    zone = zone_of(tz)
    due_at = due_at.astimezone(UTC)
    row = _locked(kind, object_kind, object_id)
    if row is not None and (row.due_at, row.tz, row.state) == (due_at, tz, DeadlineState.UPCOMING):
        return row.id
    now = clock.now()
    if row is None:
        row = Deadline(kind=kind, object_kind=object_kind, object_id=object_id, rev=1)
        db.session.add(row)
    else:
        _end_reminders(row, ReminderState.SUPERSEDED, "moved")
        row.rev += 1
    row.coalition_id = coalition_id
    row.due_at, row.tz = due_at, tz
    row.due_local = due_at.astimezone(zone).replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
    row.state = DeadlineState.UPCOMING
    row.set_at, row.handed_at = now, None
    row.next_at = rules.next_step(reminder_kind(kind).offsets, due_at, zone, now)
    db.session.flush()
    log.info("deadline_set", deadline_id=row.id, rev=row.rev)
    return row.id


def drop_deadline(kind: str, object_kind: str, object_id: int) -> None:
    """Let a deadline fall: nobody is reminded any more, nothing happens at its time."""
    row = _locked(kind, object_kind, object_id)
    if row is None or row.state != DeadlineState.UPCOMING:
        return
    _end_reminders(row, ReminderState.SUPPRESSED, "dropped")
    row.state, row.next_at, row.handed_at = DeadlineState.VOID, None, None
    log.info("deadline_dropped", deadline_id=row.id, rev=row.rev)


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
    for table in (Reminder, Deadline):
        column = Reminder.deadline_id if table is Reminder else Deadline.id
        db.session.execute(delete(table).where(column.in_(ids)).execution_options(synchronize_session=False))
    return len(ids)


def _locked(kind: str, object_kind: str, object_id: int) -> Deadline | None:
    return db.session.execute(
        select(Deadline).filter_by(kind=kind, object_kind=object_kind, object_id=object_id).with_for_update()
    ).scalar_one_or_none()


def _end_reminders(row: Deadline, state: ReminderState, reason: str) -> None:
    db.session.execute(
        update(Reminder)
        .where(Reminder.deadline_id == row.id, Reminder.state == ReminderState.QUEUED)
        .values(state=state, reason=reason)
    )
