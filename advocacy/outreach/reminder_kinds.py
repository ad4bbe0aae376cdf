"""Who is reminded to follow up a contact, and when."""

from __future__ import annotations

from advocacy.coalitions import queries as coalition_queries
from advocacy.core.db import db
from advocacy.outreach import queries
from advocacy.outreach.models import ContactLog
from advocacy.outreach.services import contacting
from advocacy.reminders.rules import Wall
from advocacy.web.manifest import ReminderKind

FOLLOW_UP_MAIL = "outreach.follow_up"


def _recipients(contact_id: int) -> list[int]:
    """Whoever noted it, as long as they may; else everybody who looks after contacts."""
    row = db.session.get(ContactLog, contact_id)
    if row is None:
        return []
    everybody = coalition_queries.user_ids_with(row.coalition_id, queries.MANAGE)
    return [row.entered_by] if row.entered_by in everybody else everybody


def _still_matters(contact_id: int, rev: int) -> bool:
    del rev
    row = db.session.get(ContactLog, contact_id)
    return row is not None and row.follow_up_on is not None and row.followed_up_at is None


FOLLOW_UP = ReminderKind(
    name=contacting.DEADLINE,
    offsets={"1d": Wall(1)},
    recipients=_recipients,
    still_matters=_still_matters,
    mail=FOLLOW_UP_MAIL,
)
