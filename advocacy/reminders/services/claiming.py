"""Take due reminders in batches, each batch under one claim: whoever holds a row's newest claim may go on with it."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from advocacy.core.db import Statement, db, run_together
from advocacy.queue import port
from advocacy.reminders.models import Reminder, ReminderState

BATCH_JOB = "reminders.say_batch"
PRIORITY = 30
CLAIM = timedelta(minutes=10)
BATCH = 5000
IN_HAND = 5000
"""So many may be claimed before more are taken: after down-time they leave as they are worked off, earliest first."""

# A lease that ends beyond what a lease can be was written by a clock that has since been set back.
_PICK_LOST = """
    WITH picked AS (
        SELECT id FROM reminder WHERE state = 'claimed' AND (claimed_until <= :now OR claimed_until > :absurd)
        ORDER BY fire_at, id LIMIT :room
"""
_PICK_DUE = """
    WITH picked AS (
        SELECT id FROM reminder WHERE state = 'scheduled' AND fire_at <= :now ORDER BY fire_at, id LIMIT :room
"""
_SKIP_LOCKED = " FOR UPDATE SKIP LOCKED"
_TAKE = """
    )
    UPDATE reminder SET state = 'claimed', claim = :claim, claimed_until = :until
    WHERE id IN (SELECT id FROM picked) RETURNING 1
"""
_TAKE_LOST = {
    "sqlite": Statement(_PICK_LOST + _TAKE),
    "postgresql": Statement(_PICK_LOST + _SKIP_LOCKED + _TAKE),
}
_TAKE_DUE = {
    "sqlite": Statement(_PICK_DUE + _TAKE),
    "postgresql": Statement(_PICK_DUE + _SKIP_LOCKED + _TAKE),
}


def is_any_due(now: datetime) -> bool:
    """Whether a reminder is to be claimed."""
    scheduled = and_(Reminder.state == ReminderState.SCHEDULED, Reminder.fire_at <= now)
    return any(db.session.scalar(select(exists().where(each))) for each in (scheduled, _is_overdue(now)))


def claim_due(now: datetime, room: int = BATCH) -> int:
    """Claim up to ``room`` due reminders in one statement and give them one job; gives how many."""
    return _claim(_TAKE_DUE, now, room)


def claim_lost(now: datetime) -> int:
    """Take over what somebody claimed and did not go on with in time; looks at all that is claimed."""
    return _claim(_TAKE_LOST, now, BATCH)


def are_hands_full() -> bool:
    """Whether so many are claimed and not worked off that no more are taken."""
    claimed = select(Reminder.id).where(Reminder.state == ReminderState.CLAIMED)
    return db.session.scalar(claimed.offset(IN_HAND - 1).limit(1)) is not None


def hand_over(rows: Collection[int], held: int, job: str, now: datetime, *, of_person: int | None = None) -> None:
    """Give rows of a claim to a job of their own, under a claim of its own."""
    claim = _new_claim()
    db.session.execute(
        update(Reminder)
        .where(Reminder.id.in_(rows), *is_held(held))
        .values(claim=claim, claimed_until=now + CLAIM)
        .execution_options(synchronize_session=False)
    )
    if of_person is None:
        port.enqueue(db.session(), job, {"claim": claim}, priority=PRIORITY)
    else:
        key = f"reminders:{of_person}"
        port.enqueue(db.session(), job, {"user_id": of_person}, priority=PRIORITY, lock=key, dedupe_key=key)


def is_held(claim: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The condition that a row is still ours: each change of a claimed row carries it."""
    return Reminder.claim == claim, Reminder.state == ReminderState.CLAIMED


def _claim(take: Mapping[str, Statement], now: datetime, room: int) -> int:
    claim = _new_claim()
    params = {"now": now, "room": room, "claim": claim, "until": now + CLAIM, "absurd": now + 2 * CLAIM}
    session = db.session()
    taken = len(run_together(session, [(take[session.get_bind().dialect.name], params)])[0])
    if taken:
        port.enqueue(session, BATCH_JOB, {"claim": claim}, priority=PRIORITY)
    return taken


def _new_claim() -> int:
    return secrets.randbits(62)


def _is_overdue(now: datetime) -> ColumnElement[bool]:
    lost = or_(Reminder.claimed_until <= now, Reminder.claimed_until > now + 2 * CLAIM)
    return and_(Reminder.state == ReminderState.CLAIMED, lost)
