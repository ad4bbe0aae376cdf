"""What hearings put on a bill's page and on the start page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from advocacy.campaigns.queries.campaigns import today
from advocacy.coalitions import rules as roles
from advocacy.core.actor import Actor
from advocacy.hearings import queries, words
from advocacy.hearings.rules import LIVE
from advocacy.web.manifest import Panel
from advocacy.web.templating import part

SOON = timedelta(days=14)


def _of_bill(actor: Actor, given: Mapping[str, Any]) -> Markup | None:
    """The hearings about a bill, and how to note one."""
    bill = given["bill"]
    return part(
        "hearings/_of_bill.html",
        bill=bill,
        hearings=queries.hearings_about(bill.id),
        states=words.STATES,
        moment=words.moment,
        may_manage=roles.can(actor, queries.MANAGE),
    )


def _due(actor: Actor, given: Mapping[str, Any]) -> Markup | None:
    """Hearings of the next two weeks."""
    del given
    if actor.coalition_id is None or not roles.can(actor, queries.VIEW):
        return None
    now = today(actor.coalition_id)
    rows = [row for row in queries.ahead(actor, now) if row.held_on <= now + SOON and row.state in LIVE]
    return part("hearings/_due.html", rows=rows, moment=words.moment) if rows else None


PANELS = (Panel("bill.more", _of_bill, order=10), Panel("desk.due", _due, order=5))
