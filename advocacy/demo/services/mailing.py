"""Mail to many in the demonstration: one mailing is planned, one is being written."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from advocacy.campaigns.queries.campaigns import today
from advocacy.consent.models import Purpose
from advocacy.core.actor import Actor
from advocacy.mailings.audiences import Rule
from advocacy.mailings.services import queueing, stepping, writing
from advocacy.mailings.services.writing import Words

PLANNED = Words(
    title="",
    subject="The hearing is near: what you can expect",
    body="Dear {first_name},\n\nthe hearing on crisis beds is near. **You do not have to speak.** Being in the room "
    "helps those who do.\n\n- Come half an hour early.\n- Bring water.\n- Leave whenever you like.",
    name_fallback="friend",
)
DRAFT = Words(
    title="",
    subject="What we learned this month",
    body="Dear {first_name},\n\n{coalition} asked, and many of you answered. Here is what we heard.",
    name_fallback="friend",
)


def begin(actor: Actor, coalition_id: int) -> None:
    """Plan one for a week from now, when anybody would get it, and leave another unfinished."""
    rule = Rule(Purpose.CAMPAIGN_NEWS)
    planned = writing.create_broadcast(actor, coalition_id, PLANNED, rule)
    queueing.size_audience(planned.id)
    if planned.size_count:
        local = datetime.combine(today(coalition_id) + timedelta(days=7), time(9))
        stepping.schedule_broadcast(actor, planned.public_id, rev=planned.rev, local=local)
    writing.create_broadcast(actor, coalition_id, DRAFT, rule)
