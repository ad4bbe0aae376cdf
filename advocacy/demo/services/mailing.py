"""Mail to many in the demonstration: one mailing leaves at once, one is planned, one is being written."""

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
SENT = Words(
    title="Two minutes for the warm line",
    subject="Two minutes for the warm line, {first_name}?",
    body="Dear {first_name},\n\nthe warm line answers when a night is hard. **It needs names behind it** before the "
    "council meets.\n\nSign if you have not yet, or pass it on to one person you trust.\n\n{coalition}",
    name_fallback="friend",
)
DRAFT = Words(
    title="",
    subject="What we learned this month",
    body="Dear {first_name},\n\n{coalition} asked, and many of you answered. Here is what we heard.",
    name_fallback="friend",
)


def begin(actor: Actor, coalition_id: int) -> None:
    """Send one as soon as somebody works, plan one for a week from now, and leave another unfinished."""
    _plan(actor, coalition_id, SENT, Purpose.ACTION_ALERT)
    in_a_week = datetime.combine(today(coalition_id) + timedelta(days=7), time(9))
    _plan(actor, coalition_id, PLANNED, Purpose.ACTION_ALERT, in_a_week)
    writing.create_broadcast(actor, coalition_id, DRAFT, Rule(Purpose.CAMPAIGN_NEWS))


def _plan(actor: Actor, coalition_id: int, words: Words, purpose: Purpose, local: datetime | None = None) -> None:
    """Write one and plan it, when anybody would get it."""
    made = writing.create_broadcast(actor, coalition_id, words, Rule(purpose))
    queueing.size_audience(made.id)
    if made.size_count:
        stepping.schedule_broadcast(actor, made.public_id, rev=made.rev, local=local)
