"""What petitions put on the home page, and on the public pages of coalitions."""

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


def _of_coalition(actor: Actor, facts: Mapping[str, Any]) -> Markup | None:
    """A coalition's open petitions that belong to no campaign; the others stand with their campaigns."""
    del actor  # the page is the same for everybody
    coalition = facts["coalition"]
    running = queries.open_petitions(coalition_id=coalition.id, is_lone=True)
    if not running:
        return None
    counts = queries.shown_counts([petition.id for petition in running])
    return part("petitions/_open_now.html", running=running, counts=counts, owners={coalition.id: coalition.name})


PANELS = [Panel("home.actions", _open_now, order=10), Panel("coalition.actions", _of_coalition, order=20)]
