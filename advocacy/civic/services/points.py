"""A point to divisions, by the packs in use: nothing outside is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from advocacy.civic import rules
from advocacy.civic.geometry import EDGE_DEG, SHORE_DEG
from advocacy.civic.models import Layer, PackKind
from advocacy.civic.places import Place
from advocacy.civic.services.places_found import Placed
from advocacy.civic.services.store import boundary_layers, store

NEXT_DAYS = 120
"""So long before a map changes, both districts are shown."""


def at(lat: float, lng: float, day: date) -> list[Placed] | None:
    """Where a point lies on a day: several places when it lies on a line, none outside, ``None`` without districts."""
    packs = store().valid(PackKind.BOUNDARIES, day)
    houses = boundary_layers(packs, Layer.HOUSE)
    if not houses:
        return None
    trees = [store().tree(pack) for pack in houses]
    found = list(dict.fromkeys(ocd_id for tree in trees for ocd_id in tree.at(lng, lat)))
    warnings: tuple[str, ...] = ()
    if not found:
        found = list(dict.fromkeys(ocd_id for tree in trees for ocd_id in tree.nearest(lng, lat, SHORE_DEG)))
        warnings = ("near_shore",)
    elif len(found) == 1 and len({ocd_id for tree in trees for ocd_id in tree.near(lng, lat, EDGE_DEG)}) > 1:
        warnings = ("near_line",)
    if len(found) != 1:
        return [Placed((rules.state_id(ocd_id), ocd_id), warnings=warnings) for ocd_id in found]
    ids = [rules.state_id(found[0]), found[0]]
    place = rules.place_of(found[0])
    if place is not None:
        ids.extend(_state_districts(place, lat, lng, day))
    upcoming = _next_house(lat, lng, day, found[0])
    later = _next_state_districts(place, lat, lng, day, ids) if place is not None else ()
    return [Placed(tuple(dict.fromkeys(ids)), upcoming, warnings, later)]


def _state_districts(place: Place, lat: float, lng: float, day: date) -> list[str]:
    """The districts of the state's legislature; at the shore the nearest, as for the House."""
    found: list[str] = []
    for layer in (Layer.UPPER, Layer.LOWER):
        trees = [store().tree(pack) for pack in store().valid_in(place, PackKind.BOUNDARIES, day, layer)]
        there = [ocd_id for tree in trees for ocd_id in tree.at(lng, lat)]
        near = there or [ocd_id for tree in trees for ocd_id in tree.nearest(lng, lat, SHORE_DEG)]
        found.extend(ocd_id for ocd_id in near if rules.place_of(ocd_id) == place)
    return found


def _next_house(lat: float, lng: float, day: date, present: str) -> tuple[str, ...]:
    """The district of the map that follows soon, where its pack is loaded and it differs."""
    start = next_map_on(day)
    if start is None:
        return ()
    now = {pack.id for pack in store().valid(PackKind.BOUNDARIES, day)}
    later = [
        pack for pack in boundary_layers(store().valid(PackKind.BOUNDARIES, start), Layer.HOUSE) if pack.id not in now
    ]
    found = {ocd_id for pack in later for ocd_id in store().tree(pack).at(lng, lat)}
    return tuple(sorted(found)) if found and present not in found else ()


def _next_state_districts(
    place: Place, lat: float, lng: float, day: date, ids: Sequence[str]
) -> tuple[tuple[date, str], ...]:
    """Where new lines of the state's legislature begin soon and put the point elsewhere; each chamber has its day."""
    found: list[tuple[date, str]] = []
    for layer in (Layer.UPPER, Layer.LOWER):
        if not any(rules.layer_of(ocd_id) is layer for ocd_id in ids):
            continue
        for start in _starts(day, layer):
            packs = store().valid_in(place, PackKind.BOUNDARIES, start, layer)
            there = [ocd_id for pack in packs if pack.valid_from == start for ocd_id in store().tree(pack).at(lng, lat)]
            other = [ocd_id for ocd_id in there if rules.place_of(ocd_id) == place and ocd_id not in ids]
            if other:
                found.append((start, other[0]))
                break
    return tuple(found)


def _starts(day: date, layer: Layer | None = None) -> list[date]:
    """The days, soon, on which a map begins to hold."""
    last = day + timedelta(days=NEXT_DAYS)
    return sorted(
        {
            pack.valid_from
            for pack in store().packs()
            if pack.valid_from is not None
            and pack.kind == PackKind.BOUNDARIES
            and day < pack.valid_from <= last
            and layer in {None, pack.layer}
        }
    )


def next_map_on(day: date) -> date | None:
    """The day on which the next Congress begins, when that is soon."""
    start = rules.congress_starts(rules.congress_on(day) + 1)
    return start if (start - day).days <= NEXT_DAYS else None


def edition(day: date) -> str:
    """Which districts answer for a day: changes with every import, so that what was kept by older ones is not used."""
    packs = [
        *store().valid(PackKind.BOUNDARIES, day),
        *store().valid(PackKind.CROSSWALK, day),
        *(pack for start in _starts(day) for pack in store().valid(PackKind.BOUNDARIES, start)),
    ]
    return ",".join(sorted({f"{pack.id}:{pack.sha256[:12]}" for pack in packs})) or "none"
