"""Say a reminder again at another time, because its reader asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update

from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.messaging import preferences
from advocacy.messaging.preference_models import PersonKind
from advocacy.reminders import manners
from advocacy.reminders.models import TO_COME, Deadline, DeadlineState, Reminder, ReminderState
from advocacy.reminders.services import planning

LATER = {"3h": timedelta(hours=3), "1d": timedelta(days=1), "3d": timedelta(days=3), "7d": timedelta(days=7)}


def open_choices(due_at: datetime) -> Sequence[str]:
    """The times to choose from that are still before a deadline."""
    now = clock.now()
    return [code for code, later in LATER.items() if now + later < due_at]


def remind_later(actor: Actor, user_id: int, reminder_id: int, choice: str) -> None:
    """Say this reminder to its reader again, later; once for each reminder, the last choice counts.

    Raises: NotFound when it is another person's, RuleBroken when the deadline is past, moved or too near.
    """
    del actor  # the account, or whoever holds the link of the mail, is the person
    deadline_id = db.session.scalar(
        select(Reminder.deadline_id).where(Reminder.id == reminder_id, Reminder.recipient_id == user_id)
    )
    if deadline_id is None or user_id == 0:
        raise NotFound(_("This reminder is not here."))
    deadline = db.session.scalars(select(Deadline).where(Deadline.id == deadline_id).with_for_update()).one()
    row = db.session.get_one(Reminder, reminder_id, populate_existing=True)
    if deadline.state != DeadlineState.UPCOMING or deadline.rev != row.deadline_rev:
        raise RuleBroken(_("This deadline has passed or was moved, so there is nothing to be reminded of any more."))
    if choice not in open_choices(deadline.due_at):
        raise RuleBroken(_("Please choose a time before the deadline."))
    at = _suitable(user_id, deadline, clock.now() + LATER[choice])
    code = f"again:{row.id}"
    planning.insert_scheduled(deadline, code, [(user_id, manners.Plan(at))])
    if not _change(Reminder.offset_code == code, deadline, user_id, fire_at=at):
        raise RuleBroken(_("You were reminded of this again already."))
    _change(Reminder.id == row.id, deadline, user_id, state=ReminderState.SUPPRESSED, reason="snoozed")


def _suitable(user_id: int, deadline: Deadline, at: datetime) -> datetime:
    """``at``, or out of this person's quiet hours and still before the deadline."""
    wish = preferences.one(PersonKind.ACCOUNT, user_id, default_tz=deadline.tz)
    quiet = manners.quiet_around(at, wish)
    if quiet is None:
        return at
    return quiet[1] if quiet[1] < deadline.due_at else max(quiet[0] - manners.BEFORE_QUIET, clock.now())


def _change(which: object, deadline: Deadline, user_id: int, **values: object) -> bool:
    """Change what is still to be said; ``False`` when there is no such row."""
    changed = db.session.execute(
        update(Reminder)
        .where(
            which,  # type: ignore[arg-type]
            Reminder.deadline_id == deadline.id,
            Reminder.deadline_rev == deadline.rev,
            Reminder.recipient_id == user_id,
            Reminder.state.in_(TO_COME),
        )
        .values(state=values.pop("state", ReminderState.SCHEDULED), claimed_until=None, **values)
        .execution_options(synchronize_session=False)
        .returning(Reminder.id)
    )
    return bool(changed.all())
