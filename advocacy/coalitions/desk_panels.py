"""What coalitions put on the start page: votes that wait, requests to join, results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from advocacy.coalitions import decision_queries as decisions
from advocacy.coalitions import name_queries as names
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import rules
from advocacy.core.actor import Actor
from advocacy.web.manifest import Panel
from advocacy.web.templating import part


def _due(actor: Actor, facts: Mapping[str, Any]) -> Markup | None:
    """Votes that end soon, for everybody who may read them."""
    del facts
    if not _may(actor, "decisions.view"):
        return None
    found = decisions.open_decisions(actor)
    return part("coalitions/_due.html", decisions=found) if found else None


def _waiting(actor: Actor, facts: Mapping[str, Any]) -> Markup | None:
    """Votes that this person has not cast, organizations that ask to join, questions about the own name."""
    del facts
    votes = decisions.waiting_for(actor) if _may(actor, "decisions.vote") else []
    requests = organizations.waiting_requests(actor) if _may(actor, "organizations.manage") else 0
    asked = names.waiting_for(actor) if _may(actor, "partners.own") else 0
    if not (votes or requests or asked):
        return None
    return part("coalitions/_waiting.html", votes=votes, requests=requests, asked=asked)


def _may(actor: Actor, verb: str) -> bool:
    return actor.coalition_id is not None and not actor.is_system and rules.can(actor, verb)


PANELS = (Panel("desk.due", _due, order=10), Panel("desk.waiting", _waiting, order=10))
