"""What campaigns put on lower rooms' pages and on the organizer's start page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from advocacy.campaigns import rules, words
from advocacy.campaigns.models import CampaignState
from advocacy.campaigns.queries import actions, bills, facts, positions, today
from advocacy.campaigns.queries import campaigns as queries
from advocacy.coalitions import rules as roles
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.web.manifest import Panel
from advocacy.web.templating import part

SOON = timedelta(days=7)
DAY = timedelta(days=1)
SHOWN = 20


def _due(actor: Actor, given: Mapping[str, Any]) -> Markup | None:
    """Tasks and milestones of this week; the reader's own tasks first."""
    del given
    if actor.coalition_id is None or not roles.can(actor, queries.VIEW):
        return None
    now = queries.today(actor.coalition_id)
    mine = today.due_tasks(actor, now + SOON, mine=True)
    is_organizer = roles.can(actor, queries.MANAGE)
    others = today.due_tasks(actor, now + SOON, mine=False) if is_organizer else []
    milestones = today.due_milestones(actor, now + SOON) if is_organizer else []
    if not (mine or others or milestones):
        return None
    return part("campaigns/desk/_due.html", mine=mine, others=others, milestones=milestones, today=now)


def _waiting(actor: Actor, given: Mapping[str, Any]) -> Markup | None:
    """Campaigns, facts to look at."""
    del given
    if actor.coalition_id is None or not roles.can(actor, queries.MANAGE):
        return None
    now = queries.today(actor.coalition_id)
    drafts, bare = today.drafts(actor), today.without_easy_action(actor)
    stale = facts.facts_to_review(actor, now)
    if not (drafts or bare or stale):
        return None
    return part("campaigns/desk/_waiting.html", drafts=drafts, bare=bare, stale=stale)


def _moved(actor: Actor, given: Mapping[str, Any]) -> Markup | None:
    """Steps of campaigns, milestones reached, tasks done since yesterday."""
    del given
    if actor.coalition_id is None or not roles.can(actor, queries.VIEW):
        return None
    since, day = clock.now() - DAY, queries.today(actor.coalition_id) - DAY
    done, reached = today.done_tasks(actor, since), today.settled_milestones(actor, day)
    moved = today.moved_campaigns(actor, since)
    if not (done or reached or moved):
        return None
    return part("campaigns/desk/_moved.html", done=done, reached=reached, moved=moved, states=words.STATES)


def _actions_of_coalition(actor: Actor, given: Mapping[str, Any]) -> Markup | None:
    """What everybody can do for a coalition's campaigns, the smallest and most private first."""
    del actor  # the page is the same for everybody
    active = queries.public_campaigns(given["coalition"].id, states={CampaignState.ACTIVE}).rows
    found = actions.open_actions([campaign.id for campaign in active])
    rows = rules.ranked(row for campaign_rows in found.values() for row in campaign_rows)
    if not rows:
        return None
    return part("campaigns/_actions.html", actions=rows, action_words=words.ACTIONS, exposures=words.EXPOSURES)


def _campaigns_of_coalition(actor: Actor, given: Mapping[str, Any]) -> Markup | None:
    """A coalition's campaigns: those that run, and those that have ended."""
    del actor
    page = queries.public_campaigns(given["coalition"].id, size=SHOWN)
    if not page.rows:
        return None
    return part("campaigns/_of_coalition.html", campaigns=page.rows, states=words.STATES)


def _of_decision(actor: Actor, given: Mapping[str, Any]) -> Markup | None:
    """The bill that a decision is about."""
    proposal = positions.proposal(given["decision"].id)
    if proposal is None:
        return None
    bill = bills.bill_of_decision(actor, proposal)
    return part("campaigns/desk/_of_decision.html", bill=bill, proposal=proposal, stances=words.STANCES)


PANELS = (
    Panel("coalition.actions", _actions_of_coalition, order=10),
    Panel("coalition.campaigns", _campaigns_of_coalition, order=10),
    Panel("decision.more", _of_decision, order=10),
    Panel("desk.due", _due, order=10),
    Panel("desk.waiting", _waiting, order=10),
    Panel("desk.moved", _moved, order=10),
)
