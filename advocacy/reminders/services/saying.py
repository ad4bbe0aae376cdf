"""Say claimed reminders: ask again, then a mail each, or one for all of a person who chose a digest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update

from advocacy.core import clock, logs
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.messaging import preferences
from advocacy.messaging.preference_models import PersonKind
from advocacy.messaging.preferences import Preference
from advocacy.messaging.services import sending, texting
from advocacy.queue import port
from advocacy.reminders import manners, texts
from advocacy.reminders import standing_queries as standing
from advocacy.reminders.models import Deadline, Reminder, ReminderState
from advocacy.reminders.services import claiming
from advocacy.reminders.services.deadlines import reminder_kind
from advocacy.web.manifest import house

log = logs.get("reminders")
DIGEST_JOB = "reminders.say_digest"
DIGEST_MAIL = "reminders.digest"
CHUNK = 100
"""So many in one transaction: on SQLite others wait for it."""
DIGEST_CHUNK = 50
_SKIPPED = frozenset({"deadline_passed", "newer_one_said", "quiet_hours"})


def say_batch(claim: int) -> None:
    """Say what is held under this claim, earliest first; what fails gets a job of its own and holds up no other."""
    now = clock.now()
    rows = db.session.scalars(
        select(Reminder)
        .where(*claiming.is_held(claim))
        .order_by(Reminder.fire_at, Reminder.id)
        .limit(CHUNK)
        .with_for_update(skip_locked=True)  # being moved or dropped in this moment: nothing to say
    ).all()
    by_deadline: dict[int, list[Reminder]] = defaultdict(list)
    for row in rows:
        by_deadline[row.deadline_id].append(row)
    for deadline_id, found in by_deadline.items():
        try:
            with db.session.begin_nested():
                _say_of(deadline_id, found, claim, now)
        except Exception:
            if len(rows) == 1:
                raise
            log.exception("reminders_not_said", deadline_id=deadline_id)
            for row in found:
                claiming.hand_over([row.id], claim, claiming.BATCH_JOB, now)
    if len(rows) == CHUNK:
        port.enqueue(db.session(), claiming.BATCH_JOB, {"claim": claim}, priority=claiming.PRIORITY)


def say_digest(user_id: int) -> None:
    """Make one mail of everything that waits for this person's digest."""
    now = clock.now()
    rows = db.session.scalars(
        select(Reminder)
        .where(
            Reminder.recipient_id == user_id,
            Reminder.is_digest,
            Reminder.state == ReminderState.CLAIMED,
            Reminder.fire_at <= now,
        )
        .order_by(Reminder.due_at, Reminder.id)
        .limit(DIGEST_CHUNK)
        .with_for_update(skip_locked=True)
    ).all()
    if not rows:
        return
    try:
        _name, address, locale = house().contact(user_id)
    except NotFound:
        for row in rows:
            _settle(row, row.claim or 0, ReminderState.SUPPRESSED, "no_address")
        return
    for row in rows:
        _settle(row, row.claim or 0, ReminderState.QUEUED)
    sending.queue_mail(
        kind=DIGEST_MAIL,
        to=address,
        coalition_id=None,
        object_kind="account",
        object_id=user_id,
        params={"reminders": [row.id for row in rows], "user_id": user_id},
        locale=locale,
        key=f"digest:{user_id}:{rows[0].id}",
    )
    if len(rows) == DIGEST_CHUNK:
        claiming.hand_over([], 0, DIGEST_JOB, now, of_person=user_id)


def _say_of(deadline_id: int, rows: Sequence[Reminder], claim: int, now: datetime) -> None:
    """Say the reminders of one deadline, which is looked at once."""
    deadline = db.session.get(Deadline, deadline_id, populate_existing=True)
    rev = rows[0].deadline_rev
    silent = standing.why_silent(deadline, rev)
    if deadline is None or silent is not None:
        for row in rows:
            _end(row, claim, silent or "deadline_dropped")
        return
    ids = {row.recipient_id for row in rows}
    people = frozenset(reminder_kind(deadline.kind).recipients(deadline.object_id))
    wishes = preferences.of(PersonKind.ACCOUNT, ids, default_tz=deadline.tz)
    newest = _newest(deadline_id, rev, ids, now)
    for row in rows:
        reason = standing.why_not_this_person(deadline, row.recipient_id, people, wishes[row.recipient_id])
        if reason is None and (row.fire_at, row.id) < newest[row.recipient_id]:
            reason = "newer_one_said"
        if reason is not None:
            _end(row, claim, reason)
        elif row.is_digest:
            claiming.hand_over([row.id], claim, DIGEST_JOB, now, of_person=row.recipient_id)
        elif not _waits_for_morning(row, claim, wishes[row.recipient_id], now):
            _queue(deadline, row, claim)


def _newest(deadline_id: int, rev: int, ids: set[int], now: datetime) -> Mapping[int, tuple[datetime, int]]:
    """Of each person's reminders of this deadline that are due, the newest."""
    found = db.session.execute(
        select(Reminder.recipient_id, Reminder.fire_at, Reminder.id).where(
            Reminder.deadline_id == deadline_id,
            Reminder.deadline_rev == rev,
            Reminder.recipient_id.in_(ids),
            Reminder.fire_at <= now,
            Reminder.state.not_in([ReminderState.SUPPRESSED, ReminderState.SKIPPED]),
        )
    )
    newest: dict[int, tuple[datetime, int]] = {}
    for person, fire_at, reminder_id in found:
        newest[person] = max(newest.get(person, (fire_at, reminder_id)), (fire_at, reminder_id))
    return newest


def _waits_for_morning(row: Reminder, claim: int, wish: Preference, now: datetime) -> bool:
    """Late in quiet hours: it waits for their end, if that is still before the deadline."""
    quiet = manners.quiet_around(now, wish)
    if quiet is None:
        return False
    if quiet[1] < row.due_at:
        _settle(row, claim, ReminderState.SCHEDULED, fire_at=quiet[1])
    else:
        _end(row, claim, "quiet_hours")
    return True


def _queue(deadline: Deadline, row: Reminder, claim: int) -> None:
    user_id = row.recipient_id
    try:
        _name, address, locale = house().contact(user_id)
    except NotFound:
        _end(row, claim, "no_address")
        return
    if not _settle(row, claim, ReminderState.QUEUED):
        return
    key = f"reminder:{deadline.id}:{deadline.rev}:{row.offset_code}:{user_id}"
    sending.queue_mail(
        kind=reminder_kind(deadline.kind).mail,
        to=address,
        coalition_id=deadline.coalition_id,
        object_kind=deadline.object_kind,
        object_id=deadline.object_id,
        object_rev=deadline.rev,
        params={
            "deadline_id": deadline.id,
            "deadline_rev": deadline.rev,
            "offset": row.offset_code,
            "user_id": user_id,
            "reminder_id": row.id,
        },
        locale=locale,
        key=key,
    )
    texting.queue_text(
        kind=texts.KIND,
        user_id=user_id,
        coalition_id=deadline.coalition_id,
        params={"deadline_id": deadline.id, "deadline_rev": deadline.rev},
        locale=locale,
        key=key,
    )


def _end(row: Reminder, claim: int, reason: str) -> None:
    _settle(row, claim, ReminderState.SKIPPED if reason in _SKIPPED else ReminderState.SUPPRESSED, reason)


def _settle(
    row: Reminder, claim: int, state: ReminderState, reason: str | None = None, *, fire_at: datetime | None = None
) -> bool:
    """End our hold on a reminder; ``False`` when it is another's by now."""
    ours = db.session.execute(
        update(Reminder)
        .where(Reminder.id == row.id, *claiming.is_held(claim))
        .values(state=state, reason=reason, claimed_until=None, fire_at=fire_at or Reminder.fire_at)
        .execution_options(synchronize_session=False)
        .returning(Reminder.id)
    ).one_or_none()
    log.info("reminder", reminder_id=row.id, deadline_id=row.deadline_id, state=str(state), reason=reason)
    return ours is not None
