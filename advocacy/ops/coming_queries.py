"""What will be sent in the next days, by whom, and why: each room tells its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.web.manifest import house
from advocacy.web.offers import Upcoming

AHEAD = timedelta(days=7)
MOST = 200
"""Lines of one room; beyond it the page says that there are more."""


@dataclass(frozen=True)
class Line:
    """One thing that will be sent, and what kind of thing it is."""

    kind: str
    item: Upcoming

    @property
    def on(self) -> date:
        """Its day, where it happens."""
        return self.item.at.astimezone(ZoneInfo(self.item.tz)).date()


@dataclass(frozen=True)
class Coming:
    """Days with their lines; ``campaigns`` by id are those that something will be sent for."""

    days: Sequence[tuple[date, Sequence[Line]]] = ()
    campaigns: Mapping[int, str] = field(default_factory=dict)
    is_more: bool = False


def coming(actor: Actor, campaign_id: int | None = None) -> Coming:
    """What the coalition in view sends in the next days; nothing for somebody who holds no role there."""
    if actor.coalition_id is None or not actor.roles:
        return Coming()
    until, lines, is_more = clock.now() + AHEAD, [], False
    for source in house().upcoming:
        found = source.items(actor, until, MOST + 1)
        is_more = is_more or len(found) > MOST
        lines += [Line(str(source.label), item) for item in found[:MOST]]
    campaigns = {line.item.campaign_id: line.item.campaign for line in lines if line.item.campaign_id is not None}
    chosen = [line for line in lines if campaign_id is None or line.item.campaign_id == campaign_id]
    chosen.sort(key=lambda line: (line.on, line.item.at, line.kind, line.item.title))
    days = [(on, list(group)) for on, group in groupby(chosen, key=lambda line: line.on)]
    return Coming(days, dict(sorted(campaigns.items(), key=lambda pair: pair[1])), is_more)
