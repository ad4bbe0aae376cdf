"""What outreach puts on the start page: what to follow up, and letters whose time and cost were not entered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import rules as coalition_rules
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.outreach import queries
from advocacy.web.manifest import Panel
from advocacy.web.templating import part

SOON = timedelta(days=7)


def _due(actor: Actor, facts: Mapping[str, Any]) -> Markup | None:
    """Contacts to follow up."""
    del facts
    if actor.coalition_id is None or not coalition_rules.can(actor, queries.MANAGE):
        return None
    rows = queries.follow_ups(actor, (clock.now() + SOON).date())
    return part("outreach/_due.html", rows=rows) if rows else None


def _waiting(actor: Actor, facts: Mapping[str, Any]) -> Markup | None:
    """Letters that lobby, handed over, for the ledger of the organization that this person acts for."""
    del facts
    if actor.coalition_id is None or not coalition_rules.can(actor, queries.KEEP):
        return None
    membership = organizations.acting_for(actor)
    prompts = queries.prompts(membership) if membership is not None else []
    return part("outreach/_waiting.html", prompts=prompts) if prompts else None


PANELS = (Panel("desk.due", _due, order=40), Panel("desk.waiting", _waiting, order=10))
