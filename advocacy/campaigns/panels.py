"""What campaigns put on lower rooms' pages and on the organizer's start page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from advocacy.campaigns import rules, words
from advocacy.campaigns.queries import actions, facts, today
from advocacy.campaigns.queries import campaigns as queries
from advocacy.coalitions import rules as roles
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.web.manifest import Panel
from advocacy.web.templating import part

SOON = timedelta(days=7)
DAY = timedelta(days=1)


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


def _of_coalition(actor: Actor, given: Mapping[str, Any]) -> Markup | None:
    """A coalition's running campaigns, each with what everybody can do."""
    del actor  # the page is the same for everybody
    page = queries.public_campaigns(given["coalition"].id, states=rules.RUNNING, size=20)
    if not page.rows:
        return None
    return part(
        "campaigns/_of_coalition.html",
        campaigns=page.rows,
        actions=actions.open_actions([found.id for found in page.rows]),
        action_words=words.ACTIONS,
        exposures=words.EXPOSURES,
    )


PANELS = (
    Panel("coalition.actions", _of_coalition, order=10),
    Panel("desk.due", _due, order=10),
    Panel("desk.waiting", _waiting, order=10),
    Panel("desk.moved", _moved, order=10),
)
