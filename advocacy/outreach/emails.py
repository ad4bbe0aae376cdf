"""Mails about contacts, made from rows when they are sent."""

from __future__ import annotations

from advocacy.coalitions import queries as coalition_queries
from advocacy.core.db import db
from advocacy.core.links import absolute
from advocacy.messaging import render
from advocacy.outreach.models import ContactLog
from advocacy.web.manifest import Content, MailFacts


def follow_up(facts: MailFacts) -> Content | None:
    """Remind an organizer to follow up a contact."""
    row = db.session.get(ContactLog, facts.object_id)
    if row is None or row.follow_up_on is None or row.followed_up_at is not None:
        return None
    return render.content(
        "outreach/emails/follow_up",
        facts.to,
        locale=facts.locale,
        contact=row,
        coalition=coalition_queries.coalition(row.coalition_id),
        desk_url=absolute(f"/desk/contacts/{row.public_id}"),
    )
