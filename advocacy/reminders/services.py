"""Set, move and drop deadlines; say what is to be said before them, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update

from advocacy.core import clock, logs
from advocacy.core.db import db
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.messaging.models import Mail, MailState
from advocacy.messaging.services import sending
from advocacy.queue import port
from advocacy.reminders import rules
from advocacy.reminders.models import Deadline, DeadlineState, Reminder, ReminderState
from advocacy.web.manifest import MailFacts, ReminderKind, house

log = logs.get("reminders")
FIRE_JOB = "reminders.fire_deadline"
PRIORITY = 30
SWEEP_LIMIT = 100
HAND_AGAIN = timedelta(hours=1)  # a step whose job was given up is tried again


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


def reason_not_to_send(mail: MailFacts) -> str | None:
    """Ask again when a reminder's mail is about to leave."""
    if "deadline_id" not in mail.params:
        return None
    row = db.session.get(Deadline, int(mail.params["deadline_id"]))
    if row is None or row.state == DeadlineState.VOID:
        return "deadline_dropped"
    if row.rev != int(mail.params["deadline_rev"]):
        return "deadline_moved"
    if row.due_at <= clock.now():
        return "deadline_passed"
    kind = reminder_kind(row.kind)
    if not kind.still_matters(row.object_id, row.rev):
        return "no_longer_matters"
    return None if int(mail.params["user_id"]) in kind.recipients(row.object_id) else "no_longer_asked"


def note_mail_ended(mail: Mail) -> None:
    """Keep with the reminder what became of its mail."""
    params = mail.params
    if "deadline_id" not in params:
        return
    is_sent = mail.state == MailState.SENT
    db.session.execute(
        update(Reminder)
        .where(
            Reminder.deadline_id == int(params["deadline_id"]),
            Reminder.deadline_rev == int(params["deadline_rev"]),
            Reminder.recipient_id == int(params["user_id"]),
            Reminder.offset_code == str(params["offset"]),
            Reminder.state == ReminderState.QUEUED,
        )
        .values(
            state=ReminderState.DONE if is_sent else ReminderState.SUPPRESSED,
            reason=None if is_sent else (mail.last_reason or "mail_ended"),
        )
        .execution_options(synchronize_session=False)
    )


def purge_deadlines(before: datetime, limit: int) -> int:
    """Delete deadlines that ended before ``before``, with what was said."""
    ended = select(Deadline.id).where(Deadline.next_at.is_(None), Deadline.due_at < before).limit(limit)
    ids = db.session.scalars(ended).all()
    for table in (Reminder, Deadline):
        column = Reminder.deadline_id if table is Reminder else Deadline.id
        db.session.execute(delete(table).where(column.in_(ids)).execution_options(synchronize_session=False))
    return len(ids)


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
