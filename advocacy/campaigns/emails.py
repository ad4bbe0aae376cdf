"""Mails to those who work on a campaign, made from rows when they are sent."""

from __future__ import annotations

from typing import Any

from advocacy.campaigns.models import Campaign, Fact, Milestone, Task
from advocacy.coalitions import queries as coalitions
from advocacy.core.db import db
from advocacy.core.links import absolute
from advocacy.messaging import render
from advocacy.reminders import linking as reminders_linking
from advocacy.web.manifest import Content, MailFacts


def task_due(facts: MailFacts) -> Content | None:
    """Remind somebody of a task."""
    task = db.session.get(Task, facts.object_id)
    if task is None or task.due_on is None:
        return None
    campaign = db.session.get_one(Campaign, task.campaign_id)
    url = absolute(f"/desk/campaigns/{campaign.public_id}/tasks/{task.public_id}")
    return _content(facts, "task_due", task.coalition_id, task=task, campaign=campaign, url=url)


def milestone_due(facts: MailFacts) -> Content | None:
    """Remind organizers of a milestone."""
    milestone = db.session.get(Milestone, facts.object_id)
    if milestone is None:
        return None
    campaign = db.session.get_one(Campaign, milestone.campaign_id)
    url = absolute(f"/desk/campaigns/{campaign.public_id}/plan")
    return _content(facts, "milestone_due", milestone.coalition_id, milestone=milestone, campaign=campaign, url=url)


def fact_review(facts: MailFacts) -> Content | None:
    """Ask organizers whether a fact still holds."""
    card = db.session.get(Fact, facts.object_id)
    if card is None:
        return None
    url = absolute(f"/desk/facts/{card.public_id}")
    return _content(facts, "fact_review", card.coalition_id, fact=card, url=url)


def _content(facts: MailFacts, message: str, coalition_id: int, **context: Any) -> Content:  # noqa: ANN401 - template context
    return render.content(
        f"campaigns/emails/{message}",
        facts.to,
        locale=facts.locale,
        again_url=reminders_linking.again_url(facts),
        coalition=coalitions.coalition(coalition_id),
        **context,
    )
