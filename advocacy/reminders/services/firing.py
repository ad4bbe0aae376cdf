"""Take the due steps of deadlines: plan what is to be said, hand due reminders to the queue, act at the deadline."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from advocacy.core import clock, logs
from advocacy.core.db import db
from advocacy.queue import port
from advocacy.reminders import rules
from advocacy.reminders.models import TO_COME, Deadline, DeadlineState, Reminder, ReminderState
from advocacy.reminders.services import claiming, planning
from advocacy.reminders.services.deadlines import reminder_kind, zone_of

log = logs.get("reminders")
SWEEP_JOB = "reminders.fire_due"
FIRE_JOB = "reminders.fire_deadline"
PRIORITY = 30
SWEEP_LIMIT = 100
HAND_AGAIN = timedelta(hours=1)  # a step whose job was given up is tried again


def is_step_due() -> bool:
    """Whether a deadline or a reminder waits that the queue does not have yet."""
    now = clock.now()
    return bool(db.session.scalar(select(exists().where(_is_to_hand(now))))) or claiming.is_any_due(now)


def hand_to_queue() -> int:
    """Give each due deadline a job of its own, and each batch of due reminders one; earliest first, some at a time.

    A deadline that fails holds up no other.
    """
    now = clock.now()
    rows = db.session.scalars(
        select(Deadline)
        .where(_is_to_hand(now))
        .order_by(Deadline.next_at, Deadline.id)
        .limit(SWEEP_LIMIT)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.handed_at = now
        port.enqueue(
            db.session(), FIRE_JOB, {"deadline_id": row.id}, priority=PRIORITY, dedupe_key=f"deadline:{row.id}"
        )
    db.session.flush()
    claiming.claim_lost(now)
    if not claiming.are_hands_full():
        claiming.claim_due(now)
    return len(rows)


def fire_deadline(deadline_id: int) -> None:
    """Take a deadline's due step: plan reminders, or act at the deadline itself.

    After down-time only the newest of several missed reminders is said, and none once the deadline is past.
    """
    row = db.session.execute(select(Deadline).where(Deadline.id == deadline_id).with_for_update()).scalar_one_or_none()
    now = clock.now()
    if row is None or row.state != DeadlineState.UPCOMING or row.next_at is None:
        return
    row.handed_at = None
    if row.next_at > now:
        return
    if row.due_at <= now:
        _reach(row)
        return
    since = row.next_at
    row.next_at = rules.next_look(reminder_kind(row.kind).offsets, row.due_at, zone_of(row.tz), now)
    db.session.flush()
    planning.plan_step(row, since)
    if claiming.is_any_due(now):  # what is due already need not wait for the next tick
        key = f"periodic:{SWEEP_JOB}"
        port.enqueue(db.session(), SWEEP_JOB, {}, priority=20, lock=key, dedupe_key=key)


def _reach(row: Deadline) -> None:
    """End the deadline: what was not said any more is noted, what is to happen happens."""
    kind = reminder_kind(row.kind)
    planning.note_passed(row)
    db.session.execute(
        update(Reminder)
        .where(Reminder.deadline_id == row.id, Reminder.state.in_(TO_COME))
        .values(state=ReminderState.SKIPPED, reason="deadline_passed", claimed_until=None)
        .execution_options(synchronize_session=False)
    )
    row.state, row.next_at = (DeadlineState.MET if kind.when_due else DeadlineState.MISSED), None
    db.session.flush()
    log.info("deadline_reached", deadline_id=row.id, rev=row.rev)
    if kind.when_due is not None:
        kind.when_due(row.object_id)


def _is_to_hand(now: datetime) -> ColumnElement[bool]:
    not_handed = or_(Deadline.handed_at.is_(None), Deadline.handed_at <= now - HAND_AGAIN, Deadline.handed_at > now)
    return and_(Deadline.next_at <= now, not_handed)
