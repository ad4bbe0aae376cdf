"""Plan reminders: one row for each person, some time before it is to be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from advocacy.core import clock, logs
from advocacy.core.db import Statement, db, run_together
from advocacy.messaging import preferences
from advocacy.messaging.preference_models import PersonKind
from advocacy.reminders import manners, rules
from advocacy.reminders.models import Deadline, Reminder, ReminderState
from advocacy.reminders.services.deadlines import reminder_kind, zone_of

log = logs.get("reminders")

_INSERT = Statement(
    """
    INSERT INTO reminder (deadline_id, deadline_rev, recipient_id, offset_code, fire_at, due_at, state, reason,
        is_digest, made_at)
    VALUES (:deadline_id, :rev, :recipient_id, :code, :fire_at, :due_at, :state, :reason, :is_digest, :now)
    ON CONFLICT DO NOTHING
    """
)


def plan_step(row: Deadline, since: datetime) -> None:
    """Plan what is to be said soon, and of what is due the newest; for the older the note that it was too late.

    ``since``: what was due before it had its turn. Planned again, a reminder reaches those who joined since.
    """
    now, times = clock.now(), offset_times(row)
    passed = [code for code, at in times.items() if since <= at <= now]
    known = _known(row)
    for code in passed[:-1]:
        if code not in known:
            note(row, code, times[code], ReminderState.SKIPPED, "newer_one_said")
    coming = [code for code, at in times.items() if now < at <= now + rules.AHEAD]
    for code in [*passed[-1:], *coming]:
        _plan(row, code, times[code], is_known=code in known)


def note_passed(row: Deadline) -> None:
    """Note of each reminder that was never planned that the deadline was there first."""
    known = _known(row)
    for code, at in offset_times(row).items():
        if code not in known:
            note(row, code, at, ReminderState.SKIPPED, "deadline_passed")


def offset_times(row: Deadline) -> Mapping[str, datetime]:
    """When each offset of a deadline speaks, earliest first; not what was past when the deadline was set."""
    times = rules.fire_times(reminder_kind(row.kind).offsets, row.due_at, zone_of(row.tz))
    return {code: at for code, at in times.items() if row.set_at < at < row.due_at}


def note(row: Deadline, code: str, at: datetime, state: ReminderState, reason: str) -> None:
    """Note that nobody was reminded, and why."""
    _insert(row, code, [(0, manners.Plan(at))], state, reason)
    log.info("reminder", deadline_id=row.id, rev=row.rev, offset=code, state=str(state), reason=reason)


def insert_scheduled(row: Deadline, code: str, plans: Sequence[tuple[int, manners.Plan]]) -> None:
    """Write reminders to people; who has this one already keeps it."""
    _insert(row, code, plans, ReminderState.SCHEDULED, None)


def _plan(row: Deadline, code: str, at: datetime, *, is_known: bool) -> None:
    now, kind = clock.now(), reminder_kind(row.kind)
    is_last_word = at <= now and not is_known
    if not kind.still_matters(row.object_id, row.rev):
        if is_last_word:
            note(row, code, at, ReminderState.SUPPRESSED, "no_longer_matters")
        return
    people = list(dict.fromkeys(kind.recipients(row.object_id)))
    if not people:
        if is_last_word:
            note(row, code, at, ReminderState.SKIPPED, "nobody_to_remind")
        return
    wishes = preferences.of(PersonKind.ACCOUNT, people, default_tz=row.tz)
    plans = [(person, manners.plan(at, row.due_at, wishes[person], now)) for person in people]
    insert_scheduled(row, code, plans)
    log.info("reminders_planned", deadline_id=row.id, rev=row.rev, offset=code, people=len(people))


def _known(row: Deadline) -> set[str]:
    """The offsets that have rows."""
    found = select(Reminder.offset_code).where(Reminder.deadline_id == row.id, Reminder.deadline_rev == row.rev)
    return set(db.session.scalars(found.distinct()))


def _insert(
    row: Deadline, code: str, plans: Sequence[tuple[int, manners.Plan]], state: ReminderState, reason: str | None
) -> None:
    now = clock.now()
    db.session.flush()
    steps = [
        (
            _INSERT,
            {
                "deadline_id": row.id,
                "rev": row.rev,
                "recipient_id": person,
                "code": code,
                "fire_at": planned.at,
                "due_at": row.due_at,
                "state": str(state),
                "reason": reason,
                "is_digest": planned.is_digest,
                "now": now,
            },
        )
        for person, planned in plans
    ]
    run_together(db.session(), steps)
