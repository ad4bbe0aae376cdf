"""The packs and how fetching them goes, for people who look after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from advocacy.civic import pack_queries, queries
from advocacy.civic.models import Chamber, CivicPack, PackKind, PackState
from advocacy.civic.services import feeds, health, operators, source_health
from advocacy.civic.services.answers import division_name
from advocacy.civic.services.feeds import Feed
from advocacy.civic.services.people import CHAMBERS
from advocacy.civic.services.store import shows_demo
from advocacy.civic.services.updating import LONGEST
from advocacy.civic.source_models import FetchOutcome, PackSource
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.errors import NotFound

OUTCOMES: dict[str, Any] = {
    "": _l("never fetched"),
    FetchOutcome.UPDATED: _l("taken in"),
    FetchOutcome.UNCHANGED: _l("nothing new"),
    FetchOutcome.ABSENT: _l("nothing there yet"),
    FetchOutcome.REFUSED: _l("refused; the version before stays in use"),
    FetchOutcome.FAILED: _l("failed; the version before stays in use"),
    "waits": _l("waits for the worker"),
    "runs": _l("is being fetched"),
    "broken": _l("broken off; try again"),
}
GROUPS: dict[tuple[str, str], Any] = {
    (PackKind.CONGRESS, ""): _l("Members of Congress"),
    (PackKind.OPENSTATES, ""): _l("State legislators, and Congress by Open States"),
    (PackKind.BOUNDARIES, "cd"): _l("House districts"),
    (PackKind.BOUNDARIES, "sldu"): _l("Districts of state senates"),
    (PackKind.BOUNDARIES, "sldl"): _l("Districts of state houses"),
    (PackKind.ZCTA, ""): _l("ZIP codes"),
    (PackKind.CROSSWALK, ""): _l("Codes of state districts"),
}
COUNTS: dict[str, Any] = {
    "members": _l("Members"),
    "senators": _l("Senators"),
    "house": _l("House seats filled"),
    "house_seats_empty": _l("House seats empty"),
    "committees": _l("Committees"),
    "vacant_seats": _l("Vacant seats"),
    "divisions": _l("Districts"),
    "points": _l("Corners of their lines"),
    "repaired": _l("Shapes mended"),
    "water_left_out": _l("Water left out"),
    "codes": _l("Codes"),
    "rows": _l("Rows"),
    "split": _l("In more than one district"),
}
_BAD = frozenset({FetchOutcome.REFUSED, FetchOutcome.FAILED, "broken"})


@dataclass(frozen=True)
class FeedLine:
    """How one feed fares; ``state`` is a key of ``OUTCOMES``."""

    name: str
    title: str
    url: str
    state: str
    tried_at: datetime | None
    well_at: datetime | None
    why: str

    @property
    def is_bad(self) -> bool:
        """Whether somebody should look."""
        return self.state in _BAD

    @property
    def words(self) -> str:
        """The state for people."""
        return str(OUTCOMES[self.state])


@dataclass(frozen=True)
class PackLine:
    """One version in use: how old, how its feed fares, whether there is a version before it."""

    pack: CivicPack
    age_days: int
    freshness: health.Freshness
    feed: FeedLine | None
    before: CivicPack | None


@dataclass
class Group:
    """Packs of one kind, the oldest first."""

    title: str
    lines: list[PackLine] = field(default_factory=list)

    @property
    def worst(self) -> PackLine:
        """The one that a glance should fall on."""
        return min(self.lines, key=lambda line: (line.freshness.rank, -line.age_days))


def feed_lines(actor: Actor) -> list[FeedLine]:
    """Every feed, in the order in which they are fetched."""
    operators.require(actor)
    rows = pack_queries.pack_sources()
    return [_feed_line(feed, rows.get(feed.name)) for feed in feeds.configured()]


def updates() -> tuple[bool, str]:
    """What the doctor says of fetching: not fine while a file that should come does not."""
    if not feeds.is_allowed():
        return True, _("nothing is fetched (civic.outside is off)")
    rows = pack_queries.pack_sources()
    lines = [line for feed in feeds.configured() if (line := _feed_line(feed, rows.get(feed.name))).is_bad]
    if not lines:
        return True, _("no fetch failed") if rows else _("nothing was fetched yet")
    named = "; ".join(f"{line.name}: {line.why or line.words}" for line in lines[:3])
    return False, named + (_(" and %(count)s more", count=len(lines) - 3) if len(lines) > 3 else "")  # noqa: PLR2004 - as shown


def groups(actor: Actor, lines: Sequence[FeedLine]) -> list[Group]:
    """The packs in use, by kind."""
    operators.require(actor)
    today = clock.now().date()
    by_name = {line.name: line for line in lines}
    packs = [pack for pack in pack_queries.kept_packs() if not pack.is_demo or shows_demo()]
    before = {_key(pack): pack for pack in packs if pack.state == PackState.PREVIOUS}
    found = {key: Group(str(title)) for key, title in GROUPS.items()}
    for pack in packs:
        if pack.state == PackState.ACTIVE:
            line = _pack_line(pack, before.get(_key(pack)), by_name, today)
            found[(pack.kind, pack.layer)].lines.append(line)
    for group in found.values():
        group.lines.sort(key=lambda line: (line.freshness.rank, -line.age_days, line.pack.name))
    return [group for group in found.values() if group.lines]


def one(actor: Actor, pack_id: int) -> PackLine:
    """One version in use.

    Raises: NotFound.
    """
    operators.require(actor)
    pack = pack_queries.pack_by_id(pack_id)
    if pack is None or pack.state != PackState.ACTIVE or (pack.is_demo and not shows_demo()):
        raise NotFound(_("This version is not in use any more."))
    before = queries.pack_in_state(pack.kind, pack.layer, pack.area, pack.edition, PackState.PREVIOUS)
    by_name = {line.name: line for line in feed_lines(actor)}
    return _pack_line(pack, before, by_name, clock.now().date())


def seat_words(seat: str) -> str:
    """A line of ``changes`` for people: a seat, a district, a ZIP code or a Census code."""
    ocd_id, _, rest = seat.partition("#")
    if not ocd_id.startswith("ocd-division/"):
        return seat
    chamber = rest.partition("#")[0]
    name = division_name(ocd_id)
    return f"{name} ({CHAMBERS[Chamber(chamber)]})" if chamber in set(Chamber) else name


def _key(pack: CivicPack) -> tuple[str, str, str, str]:
    return pack.kind, pack.layer, pack.area, pack.edition


def _pack_line(pack: CivicPack, before: CivicPack | None, by_name: dict[str, FeedLine], today: date) -> PackLine:
    feed = None if pack.is_demo else feeds.of_pack(pack.kind, pack.layer, pack.area, pack.source)
    age = (today - (pack.data_on or pack.imported_at.date())).days
    return PackLine(pack, age, health.freshness(pack, today), by_name.get(feed.name) if feed else None, before)


def _feed_line(feed: Feed, row: PackSource | None) -> FeedLine:
    state, why = "", ""
    if row is not None:
        state = row.outcome or ""
        if row.asked_at is not None and (row.begun_at is None or row.begun_at < row.asked_at):
            state = "waits"
        elif row.begun_at is not None and (row.ended_at is None or row.ended_at < row.begun_at):
            state = "runs" if clock.now() - row.begun_at < LONGEST else "broken"
        why = row.reason or (str(source_health.CODES.get(row.code, row.code)) if row.code else "")
    about = feed.area.upper() or (_("next Congress") if feed.name.startswith("cd-next") else "")
    title = str(GROUPS[(feed.kind, feed.layer or "")])
    return FeedLine(
        feed.name,
        f"{title} ({about})" if about else title,
        feed.urls[0],
        state,
        row.ended_at if row else None,
        row.well_at if row else None,
        why if state in _BAD else "",
    )
