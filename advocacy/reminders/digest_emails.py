"""One mail for all reminders of a person who chose a digest."""

from __future__ import annotations

from sqlalchemy import select

from advocacy.core.db import db
from advocacy.core.links import absolute
from advocacy.messaging import render
from advocacy.reminders import linking, my_queries
from advocacy.reminders import standing_queries as standing
from advocacy.reminders.models import Deadline, Reminder, ReminderState
from advocacy.web.manifest import Content, MailFacts, house


def digest(facts: MailFacts) -> Content | None:
    """What still stands of the reminders that were put together, the most urgent first."""
    wanted = select(Reminder).where(
        Reminder.id.in_(facts.params.get("reminders", ())), Reminder.state == ReminderState.QUEUED
    )
    left = [
        row
        for row in db.session.scalars(wanted.order_by(Reminder.due_at, Reminder.id))
        if standing.why_not(row.deadline_id, row.deadline_rev, row.recipient_id) is None
    ]
    if not left:
        return None
    ids = [row.deadline_id for row in left]
    deadlines = {row.id: row for row in db.session.scalars(select(Deadline).where(Deadline.id.in_(ids)))}
    about = my_queries.about(deadlines.values())
    items = [
        {
            "label": house().reminder_kinds[deadlines[found].kind].label,
            "title": about[found].title,
            "url": absolute(about[found].url) if about[found].url else "",
            "due_at": deadlines[found].due_at,
            "tz": deadlines[found].tz,
        }
        for found in dict.fromkeys(ids)
    ]
    return render.content(
        "reminders/emails/digest",
        facts.to,
        locale=facts.locale,
        items=items,
        again_url=linking.again_url(facts),
        mine_url=absolute("/account/reminders"),
    )
