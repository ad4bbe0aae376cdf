"""What petitions put on the home page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from advocacy.coalitions import queries as coalition_queries
from advocacy.core.actor import Actor
from advocacy.petitions import queries
from advocacy.web.manifest import Panel
from advocacy.web.templating import part

SHOWN = 3


def _open_now(actor: Actor, facts: Mapping[str, Any]) -> Markup | None:
    """The petitions that close soonest."""
    del actor, facts  # the home page is the same for everybody
    running = queries.open_petitions(SHOWN)
    if not running:
        return None
    return part(
        "petitions/_open_now.html",
        running=running,
        counts=queries.shown_counts([petition.id for petition in running]),
        owners=coalition_queries.coalition_names(sorted({petition.coalition_id for petition in running})),
    )


PANELS = [Panel("home.actions", _open_now, order=10)]
