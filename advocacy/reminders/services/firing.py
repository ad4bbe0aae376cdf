"""Take the due steps of deadlines: say what is to be said, once, and act at the deadline itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select

from advocacy.core import clock, logs
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.messaging.services import sending
from advocacy.queue import port
from advocacy.reminders import rules
from advocacy.reminders.models import Deadline, DeadlineState, Reminder, ReminderState
from advocacy.reminders.services.deadlines import reminder_kind, zone_of
from advocacy.web.manifest import ReminderKind, house

log = logs.get("reminders")
FIRE_JOB = "reminders.fire_deadline"
PRIORITY = 30
SWEEP_LIMIT = 100
HAND_AGAIN = timedelta(hours=1)  # a step whose job was given up is tried again


def is_step_due() -> bool:
    """Whether a deadline has a step that the queue does not have yet."""
    return bool(db.session.scalar(select(exists().where(_is_to_hand(clock.now())))))


def hand_to_queue() -> int:
    """Give each due deadline a job of its own, earliest first, some at a time: one that fails holds up no other."""
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
    return len(rows)


def fire_deadline(deadline_id: int) -> None:
    """Take a deadline's due steps: say the newest reminder, note the missed ones, act at the deadline itself.

    After down-time only the newest of several missed reminders is said, and none once the deadline is past.
    """
    row = db.session.execute(select(Deadline).where(Deadline.id == deadline_id).with_for_update()).scalar_one_or_none()
    now = clock.now()
    if row is None or row.state != DeadlineState.UPCOMING or row.next_at is None:
        return
    row.handed_at = None
    if row.next_at > now:
        return
    kind, zone = reminder_kind(row.kind), zone_of(row.tz)
    times = rules.fire_times(kind.offsets, row.due_at, zone)
    passed = [(code, at) for code, at in times.items() if row.next_at <= at <= now and at < row.due_at]
    is_over = row.due_at <= now
    for step in passed[: None if is_over else -1]:
        _note(row, 0, step, ReminderState.SKIPPED, "deadline_passed" if is_over else "newer_one_said")
    if is_over:
        row.state, row.next_at = (DeadlineState.MET if kind.when_due else DeadlineState.MISSED), None
        db.session.flush()
        log.info("deadline_reached", deadline_id=row.id, rev=row.rev)
        if kind.when_due is not None:
            kind.when_due(row.object_id)
        return
    row.next_at = rules.next_step(kind.offsets, row.due_at, zone, now)
    if passed:
        _remind(row, kind, passed[-1])
    db.session.flush()


def _remind(row: Deadline, kind: ReminderKind, step: tuple[str, datetime]) -> None:
    if not kind.still_matters(row.object_id, row.rev):
        _note(row, 0, step, ReminderState.SUPPRESSED, "no_longer_matters")
        return
    users = list(dict.fromkeys(kind.recipients(row.object_id)))
    if not users:
        _note(row, 0, step, ReminderState.SKIPPED, "nobody_to_remind")
    for user_id in users:
        try:
            _name, address, locale = house().contact(user_id)
        except NotFound:
            _note(row, user_id, step, ReminderState.SUPPRESSED, "no_address")
            continue
        _note(row, user_id, step, ReminderState.QUEUED)
        sending.queue_mail(
            kind=kind.mail,
            to=address,
            coalition_id=row.coalition_id,
            object_kind=row.object_kind,
            object_id=row.object_id,
            object_rev=row.rev,
            params={"deadline_id": row.id, "deadline_rev": row.rev, "offset": step[0], "user_id": user_id},
            locale=locale,
            key=f"reminder:{row.id}:{row.rev}:{step[0]}:{user_id}",
        )


def _note(
    row: Deadline, user_id: int, step: tuple[str, datetime], state: ReminderState, reason: str | None = None
) -> None:
    code, at = step
    db.session.add(
        Reminder(
            deadline_id=row.id,
            deadline_rev=row.rev,
            recipient_id=user_id,
            offset_code=code,
            fire_at=at,
            due_at=row.due_at,
            state=state,
            reason=reason,
            made_at=clock.now(),
        )
    )
    db.session.flush()
    log.info("reminder", deadline_id=row.id, rev=row.rev, offset=code, user_id=user_id, state=str(state), reason=reason)


def _is_to_hand(now: datetime) -> ColumnElement[bool]:
    not_handed = or_(Deadline.handed_at.is_(None), Deadline.handed_at <= now - HAND_AGAIN, Deadline.handed_at > now)
    return and_(Deadline.next_at <= now, not_handed)
