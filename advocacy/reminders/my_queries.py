"""What deadlines are about, and what a person was and will be told of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select

from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.messaging.models import Mail
from advocacy.reminders.models import OPEN, Deadline, DeadlineState, Reminder, ReminderState
from advocacy.web.manifest import house
from advocacy.web.offers import About

NOTHING = About("")
SHOWN = 50


def about(deadlines: Iterable[Deadline]) -> Mapping[int, About]:
    """What each deadline is about, by its id; a fixed number of queries for each kind."""
    by_kind: dict[str, list[Deadline]] = defaultdict(list)
    for row in deadlines:
        by_kind[row.kind].append(row)
    found: dict[int, About] = {}
    for name, rows in by_kind.items():
        kind = house().reminder_kinds.get(name)
        told = kind.about([row.object_id for row in rows]) if kind and kind.about else {}
        found |= {row.id: told.get(row.object_id, NOTHING) for row in rows}
    return found


@dataclass(frozen=True)
class Told:
    """A reminder to one person, as a page shows it."""

    id: int
    title: str
    label: Any
    url: str
    due_at: datetime
    tz: str
    at: datetime
    state: ReminderState
    reason: str | None


def coming(user_id: int) -> Sequence[Told]:
    """What is planned for a person, the next first."""
    wanted = _of_person(user_id).where(Reminder.state.in_(OPEN), Deadline.state == DeadlineState.UPCOMING)
    return _told(wanted.order_by(Reminder.fire_at, Reminder.id))


def ended(user_id: int) -> Sequence[Told]:
    """What was said to a person, and what was not; the newest first."""
    wanted = _of_person(user_id).where(Reminder.state.not_in(OPEN))
    return _told(wanted.order_by(Reminder.fire_at.desc(), Reminder.id.desc()))


def of_mail(public_id: str) -> tuple[int, Sequence[Told]]:
    """Whom a reminder's mail went to, and what stood in it.

    Raises: NotFound when its time is long past.
    """
    params = db.session.scalar(select(Mail.params).where(Mail.public_id == public_id)) or {}
    ids = params.get("reminders") or [params.get("reminder_id", 0)]
    user_id = int(params.get("user_id", 0))
    found = _told(_of_person(user_id).where(Reminder.id.in_(ids)).order_by(Reminder.due_at, Reminder.id))
    if not found or not user_id:
        raise NotFound(_("This link has had its time. Your reminders are in your account."))
    return user_id, found


def _of_person(user_id: int) -> Select[Reminder, Deadline]:
    both = select(Reminder, Deadline).join(Deadline, Deadline.id == Reminder.deadline_id)
    return both.where(Reminder.recipient_id == user_id)


def _told(wanted: Select[Reminder, Deadline]) -> Sequence[Told]:
    rows = db.session.execute(wanted.limit(SHOWN)).all()
    things = about({deadline.id: deadline for _row, deadline in rows}.values())
    found = []
    for row, deadline in rows:
        kind = house().reminder_kinds.get(deadline.kind)
        # Whoever is not asked any more may not see what it was.
        thing = NOTHING if row.reason == "no_longer_asked" else things[deadline.id]
        label = kind.label if kind else ""
        at = (row.id, thing.title or label, label, thing.url, row.due_at, deadline.tz, row.fire_at)
        found.append(Told(*at, row.state, row.reason))
    return found
