"""What sign-on letters put on the organizer's start page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from advocacy.coalitions import rules as coalition_rules
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.signons import due_queries, queries
from advocacy.web.manifest import Panel
from advocacy.web.templating import part

SOON = timedelta(days=14)


def _due(actor: Actor, facts: Mapping[str, Any]) -> Markup | None:
    """Letters whose dates come near."""
    del facts
    if actor.coalition_id is None or not coalition_rules.can(actor, queries.VIEW):
        return None
    letters = due_queries.collecting(actor, clock.now() + SOON)
    if not letters:
        return None
    return part("signons/desk/_due.html", letters=letters, counts=queries.counts_of([letter.id for letter in letters]))


def _waiting(actor: Actor, facts: Mapping[str, Any]) -> Markup | None:
    """Typing errors for a second pair of eyes, and frozen letters to hand over."""
    del facts
    if actor.coalition_id is None or not coalition_rules.can(actor, queries.MANAGE):
        return None
    corrections, frozen = due_queries.waiting_corrections(actor), due_queries.undelivered(actor)
    if not (corrections or frozen):
        return None
    return part("signons/desk/_waiting.html", corrections=corrections, frozen=frozen)


PANELS = (Panel("desk.due", _due, order=30), Panel("desk.waiting", _waiting, order=30))
