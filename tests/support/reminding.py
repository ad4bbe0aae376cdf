"""Reminders at any hour of the day, and said at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from sqlalchemy import select

from advocacy.accounts.models import User
from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.messaging import preferences
from advocacy.messaging.preference_models import PersonKind
from advocacy.messaging.preferences import Preference
from advocacy.reminders.models import Reminder, ReminderState
from advocacy.reminders.services import claiming, firing, saying

AWAKE = Preference(quiet_from=time(0), quiet_to=time(0))


def keep_awake(people: Iterable[int] | None = None) -> None:
    """Let these accounts (or all there are) have no quiet hours: a test may run at night."""
    found = db.session.scalars(select(User.id)) if people is None else people
    for person in list(found):
        preferences.choose(system_actor(), PersonKind.ACCOUNT, person, AWAKE)


def say(deadline_id: int) -> None:
    """Take a deadline's due step and say what is due then, but for the sending, in one transaction."""
    keep_awake()
    firing.fire_deadline(deadline_id)
    claiming.claim_due(clock.now())
    held = select(Reminder.claim).where(Reminder.state == ReminderState.CLAIMED).distinct()
    for claim in db.session.scalars(held).all():
        saying.say_batch(claim or 0)


def say_now(deadline_id: int) -> None:
    """The same, committed."""
    with uow.unit():
        say(deadline_id)
