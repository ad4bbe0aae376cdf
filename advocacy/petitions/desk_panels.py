"""What petitions put on the organizer's start page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from advocacy.coalitions import rules as coalition_rules
from advocacy.core.actor import Actor
from advocacy.petitions import correction_queries, desk_queries
from advocacy.web.manifest import Panel
from advocacy.web.templating import part


def _due(actor: Actor, facts: Mapping[str, Any]) -> Markup | None:
    """Petitions that close soon."""
    del facts
    if not _may(actor, "petitions.view"):
        return None
    lines = desk_queries.closing_soon(actor)
    return part("petitions/desk/_due.html", lines=lines) if lines else None


def _waiting(actor: Actor, facts: Mapping[str, Any]) -> Markup | None:
    """Held signatures and drafts, for those who can do something about them."""
    del facts
    if not _may(actor, "petitions.manage"):
        return None
    held, drafts, ready = desk_queries.held(actor), desk_queries.drafts(actor), desk_queries.undelivered(actor)
    to_check = correction_queries.petitions_to_check(actor)
    if not (held or drafts or ready or to_check):
        return None
    return part("petitions/desk/_waiting.html", held=held, drafts=drafts, ready=ready, to_check=to_check)


def _moved(actor: Actor, facts: Mapping[str, Any]) -> Markup | None:
    """Growth of yesterday and today."""
    del facts
    if not _may(actor, "petitions.view"):
        return None
    rows = desk_queries.moved(actor)
    return part("petitions/desk/_moved.html", rows=rows) if rows else None


def _may(actor: Actor, verb: str) -> bool:
    return actor.coalition_id is not None and coalition_rules.can(actor, verb)


PANELS = (
    Panel("desk.due", _due, order=20),
    Panel("desk.waiting", _waiting, order=20),
    Panel("desk.moved", _moved, order=20),
)
