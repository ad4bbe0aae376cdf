"""Mails of deadlines, made from rows when they are sent."""

from __future__ import annotations

from advocacy.core.db import db
from advocacy.core.links import absolute
from advocacy.messaging import render
from advocacy.reminders import desk_queries as queries
from advocacy.reminders import linking, words
from advocacy.reminders.own_models import OwnDeadline
from advocacy.web.manifest import Content, MailFacts, house


def own_due(facts: MailFacts) -> Content | None:
    """Remind somebody of a deadline that the coalition keeps itself."""
    found = db.session.get(OwnDeadline, facts.object_id)
    if found is None:
        return None
    row = queries.deadline_of(found)
    return render.content(
        "reminders/emails/own_due",
        facts.to,
        locale=facts.locale,
        again_url=linking.again_url(facts),
        coalition=house().tenant(found.coalition_id),
        found=found,
        deadline=row,
        checked=words.checked,
        url=absolute(f"/desk/deadlines/own/{found.public_id}"),
    )
