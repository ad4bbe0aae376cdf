"""Small pack files: two states' members, square districts, a short ZIP table."""

from __future__ import annotations

import copy
import itertools
import json
from pathlib import Path
from typing import Any

from advocacy.civic.models import CivicPack, PackKind, PackState
from advocacy.civic.places import BY_CODE
from advocacy.core import clock, uow
from advocacy.core.db import db

SQUARE = 0.5


def member(number: int, state: str, district: int | None, **term: Any) -> dict[str, Any]:
    """One entry of legislators-current; ``district=None`` makes a senator."""
    kind: dict[str, Any] = {"type": "sen", "class": 1} if district is None else {"type": "rep", "district": district}
    present = {
        "start": "2025-01-03",
        "end": "2027-01-03",
        "state": state,
        "party": "Independent",
        "url": f"https://m{number}.example.org",
        "phone": "202-555-0100",
        "address": "1 Example Building",
        **kind,
        **term,
    }
    return {
        "id": {"bioguide": f"T{number:06d}"},
        "name": {"first": "Pat", "last": f"Member{number}", "official_full": f"Pat Member{number}"},
        "terms": [{"type": "rep", "state": state, "start": "2011-01-03", "end": "2013-01-03", "district": 99}, present],
    }


def congress(*states: str) -> list[dict[str, Any]]:
    """Every seat of these states, filled."""
    found: list[dict[str, Any]] = []
    for code in states or ("GA", "NC"):
        place = BY_CODE[code]
        districts: list[int | None] = [0] if place.seats == 1 else list(range(1, place.seats + 1))
        for district in [*districts, *([None, None] if place.has_senators else [])]:
            found.append(member(len(found), code, district))
    return found


def square(west: float, south: float, size: float = SQUARE) -> list[list[list[float]]]:
    """Coordinates of a square polygon."""
    east, north = west + size, south + size
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def districts(*states: str) -> dict[str, Any]:
    """GeoJSON with one square for each House district: a row for each state, from west to east."""
    features = []
    for row, code in enumerate(states or ("GA", "NC")):
        place = BY_CODE[code]
        for column in range(place.seats):
            number = 0 if place.seats == 1 else column + 1
            features.append(
                {
                    "type": "Feature",
                    "properties": {
                        "STATEFP": place.fips,
                        "CD119FP": f"{number:02d}",
                        "GEOID": f"{place.fips}{number:02d}",
                    },
                    "geometry": {"type": "Polygon", "coordinates": square(-90 + column * SQUARE, 30 + row * SQUARE)},
                }
            )
    return {"type": "FeatureCollection", "features": features}


def write(folder: Path, name: str, content: Any) -> Path:
    """A file with JSON, text or bytes in it."""
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


_number = itertools.count(300)


def make_pack() -> int:
    """A ZIP table in use, of a Congress of its own, committed; gives its id."""
    with uow.unit():
        pack = CivicPack(
            kind=PackKind.ZCTA,
            edition=str(next(_number)),
            name="ZIP codes and House districts",
            source="zips.csv",
            sha256="0" * 64,
            licence="none",
            imported_at=clock.now(),
            counts={},
            changes={"first": True},
            state=PackState.ACTIVE,
        )
        db.session.add(pack)
        db.session.flush()
        return pack.id


def without(data: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """The list without its first entries."""
    return copy.deepcopy(data[count:])
