"""US Census Geocoder: an address to points, with the districts its map layers give.

Without a key. A layer's name says which Congress or year it is of, and moves: layers are found by pattern, districts
read from GEOID (``CDnnn`` is missing in some vintages, BASENAME is words for seats at large).

Source: geocoding.geo.census.gov, Geocoding_Services_API (07/2024); answers recorded and constructed.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import Field

from advocacy.civic import rules
from advocacy.civic.adapters.ports import Match, ProviderDataError, is_near_the_states, type_ask
from advocacy.civic.adapters.shape import CamelShape, read, type_line
from advocacy.civic.models import Layer
from advocacy.civic.places import BY_FIPS

NAME = "census"
GEO = "geo"
_BENCHMARK = "Public_AR_Current"
_VINTAGES = {119: "ACS2025_Current", 120: "ACS2026_Current"}
"""Pinned: ``Current_Current`` moved to the next Congress's map while the old one still sat."""
_HOUSE_LAYER = re.compile(r"\A(\d{3})(?:st|nd|rd|th) Congressional Districts\Z")
_STATE_LAYER = re.compile(r"\A\d{4} State Legislative Districts - (Upper|Lower)\Z")
_STATE_CODE = re.compile(r"\A\d{2}[0-9A-Z]{3}\Z")
_MAX_MATCHES = 20


class _Point(CamelShape):
    x: float
    y: float


class _Record(CamelShape):
    GEOID: type_line


class _Match(CamelShape):
    coordinates: _Point
    geographies: dict[str, list[dict[str, Any]]] = Field(default_factory=dict)


class _Result(CamelShape):
    address_matches: list[_Match]


class _Answer(CamelShape):
    result: _Result


def vintage(congress: int) -> str:
    """The vintage that carries a Congress's districts."""
    return _VINTAGES.get(congress) or f"ACS{rules.congress_starts(congress).year - 1}_Current"


def parse_matches(answer: Any) -> tuple[Match, ...]:  # noqa: ANN401 - JSON
    """Every match of an address; the matched address itself is not even read.

    Raises: ProviderDataError.
    """
    return tuple(_match(found) for found in read(_Answer, answer).result.address_matches[:_MAX_MATCHES])


def _match(found: _Match) -> Match:
    lng, lat = found.coordinates.x, found.coordinates.y
    if not is_near_the_states(lat, lng):
        path = "result.addressMatches.coordinates"
        raise ProviderDataError(path)
    houses, codes = _districts(found.geographies)
    return Match(lat=lat, lng=lng, houses=houses, codes=codes)


def _districts(layers: dict[str, list[dict[str, Any]]]) -> tuple[dict[int, str], tuple[tuple[Layer, str], ...]]:
    houses: dict[int, str] = {}
    codes: list[tuple[Layer, str]] = []
    for name, records in layers.items():
        congress, chamber = _HOUSE_LAYER.match(name), _STATE_LAYER.match(name)
        if not (congress or chamber) or not records:
            continue
        geoid = read(_Record, records[0]).GEOID
        if congress:
            place = BY_FIPS.get(geoid[:2])
            ocd_id = rules.house_id(place, geoid[2:]) if place is not None else None
            if ocd_id is not None:  # ZZ is water
                houses[int(congress.group(1))] = ocd_id
        elif chamber and _STATE_CODE.match(geoid) and not geoid.endswith("ZZZ"):
            codes.append((Layer.UPPER if chamber.group(1) == "Upper" else Layer.LOWER, geoid))
    return houses, tuple(codes)


class CensusGeocoder:
    """The Geocoder of the Census Bureau."""

    def __init__(self, ask: type_ask) -> None:
        self._ask = ask

    def geocode(self, address: str, congress: int) -> tuple[Match, ...]:
        """Every place the address may mean.

        Raises: SourceError.
        """
        params = {
            "address": address,
            "benchmark": _BENCHMARK,
            "vintage": vintage(congress),
            "layers": "all",
            "format": "json",
        }
        return parse_matches(self._ask(GEO, "/geocoder/geographies/onelineaddress", params))
