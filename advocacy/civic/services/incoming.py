"""A pack read and checked, ready to be written: seats for comparison, rows for the tables."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from flask import current_app

from advocacy.civic import queries, rules
from advocacy.civic.models import (
    Boundary,
    Chamber,
    CivicCommittee,
    CivicCommitteeSeat,
    DistrictCode,
    Layer,
    PackKind,
    PostalDivision,
)
from advocacy.civic.packs import boundaries, congress, crosswalk, zcta
from advocacy.civic.packs.boundaries import BoundaryData
from advocacy.civic.packs.files import PackFile, PackRefused
from advocacy.civic.packs.members import Board, Member
from advocacy.civic.places import PLACES
from advocacy.core import clock

_CONGRESS_IN_NAME = re.compile(r"cd(\d{3})(?!\d)")
_ROLL = 100
"""Members from which a file counts as a whole Congress, so that nobody listed means an empty seat."""


@dataclass
class Incoming:
    """One version of a pack before it is stored."""

    kind: PackKind
    name: str
    source: str
    licence: str
    sha256: str
    seats: frozenset[str]
    counts: dict[str, Any]
    layer: str = ""
    area: str = "us"
    edition: str = ""
    data_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    is_demo: bool = False
    divisions: dict[str, tuple[str, int]] = field(default_factory=dict)
    members: Sequence[Member] = ()
    rows: Sequence[tuple[type[Any], list[dict[str, Any]]]] = ()
    notes: list[str] = field(default_factory=list)


def congress_pack(
    packed: Sequence[PackFile], data_on: date | None = None, congress_number: int | None = None
) -> Incoming:
    """Members of Congress; with a number they stand beside those who sit now and hold from its first day.

    Raises: PackRefused.
    """
    data = congress.parse(packed)
    senators = sum(member.chamber is Chamber.US_SENATE for member in data.members)
    filled = {member.ocd_id for member in data.members if member.chamber is Chamber.US_HOUSE}
    empty = [ocd_id for place in PLACES for ocd_id in place.house_ids if ocd_id not in filled]
    day = data_on or packed[0].changed_on
    known_on = clock.now().date()
    edition, valid_from, valid_to = _congress_term(congress_number, None, None) if congress_number else ("", None, None)
    ended = [
        m for m in data.members if m.ends_on and m.ends_on <= known_on < rules.sits_until(m.ends_on, known_on=known_on)
    ]
    counts = {
        "members": len(data.members),
        "senators": senators,
        "house": len(filled),
        "house_seats_empty": len(empty),
        "committees": len(data.boards),
    }
    notes = [f"{count} {what} dropped" for what, count in sorted(data.dropped.items())]
    if ended:
        notes.append(
            f"{len(ended)} listed after the end of their term: {', '.join(member.full_name for member in ended)}"
        )
    if empty and len(data.members) >= _ROLL:
        notes.append("empty seats: " + "; ".join(rules.name_of(ocd_id) or ocd_id for ocd_id in empty[:20]))
    return Incoming(
        PackKind.CONGRESS,
        "Members of Congress (congress-legislators)",
        _names(packed),
        "CC0-1.0",
        _digest(packed),
        member_seats(data.members),
        counts,
        edition=edition,
        data_on=day,
        valid_from=valid_from,
        valid_to=valid_to,
        members=data.members,
        rows=board_rows(data.boards),
        notes=notes,
    )


def member_seats(members: Sequence[Member]) -> frozenset[str]:
    """The seats that are filled, numbered where a division has several."""
    held: Counter[str] = Counter()
    found = []
    for member in members:
        seat = f"{member.ocd_id}#{member.chamber}"
        held[seat] += 1
        found.append(f"{seat}#{held[seat]}")
    return frozenset(found)


def board_rows(boards: Sequence[Board]) -> list[tuple[type[Any], list[dict[str, Any]]]]:
    """Committees and who sits in them, as rows."""
    committees = [
        {
            "committee_key": board.key,
            "parent_key": board.parent_key,
            "name": board.name,
            "chamber": board.chamber,
            "place": board.place,
            "url": board.url,
            "phone": board.phone,
        }
        for board in boards
    ]
    seats = [
        {"committee_key": board.key, "person_key": member.person_key, "title": member.title, "rank": member.rank}
        for board in boards
        for member in board.members
    ]
    return [(CivicCommittee, committees), (CivicCommitteeSeat, seats)]


def boundary_pack(
    file: PackFile,
    layer: Layer,
    *,
    congress_number: int | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    tell: Callable[[str], None] = lambda _line: None,
) -> Incoming:
    """District boundaries. House districts belong to a Congress: as told, else as the file says, else as set.

    Raises: PackRefused.
    """
    data = boundaries.parse(file, layer, queries.district_codes, tell)
    edition = valid_from.isoformat() if valid_from else ""
    name = {Layer.UPPER: "State senate districts", Layer.LOWER: "State house districts"}.get(layer, "")
    if layer is Layer.HOUSE:
        number = congress_number or data.congress or current_app.extensions["advocacy.settings"].civic.congress
        edition, valid_from, valid_to = _congress_term(number, valid_from, valid_to)
        name = f"House districts of the {number}th Congress"
    counts = {
        "divisions": len(data.areas),
        "points": data.point_count,
        "repaired": data.repair_count,
        "water_left_out": data.water_count,
    }
    notes = ["simplified: it had too many points for quick answers"] if data.simplified else []
    return Incoming(
        PackKind.BOUNDARIES,
        name,
        file.name,
        "Public domain (US Census Bureau)",
        file.sha256,
        frozenset(area.ocd_id for area in data.areas),
        counts,
        layer=layer,
        area=data.area,
        edition=edition,
        data_on=file.changed_on,
        valid_from=valid_from,
        valid_to=valid_to,
        rows=[(Boundary, boundary_rows(data))],
        divisions={area.ocd_id: (rules.name_of(area.ocd_id) or area.ocd_id, 1) for area in data.areas},
        notes=notes,
    )


def boundary_rows(data: BoundaryData) -> list[dict[str, Any]]:
    """The areas as rows."""
    rows = []
    for area in data.areas:
        left, bottom, right, top = area.geometry.bounds
        rows.append(
            {
                "ocd_id": area.ocd_id,
                "geoid": area.geoid,
                "wkb": shapely.to_wkb(area.geometry),
                "min_lng": left,
                "min_lat": bottom,
                "max_lng": right,
                "max_lat": top,
            }
        )
    return rows


def zcta_pack(file: PackFile, *, congress_number: int | None = None) -> Incoming:
    """The ZIP table; the Congress as told, else as the file's name says (``cd119``), else as set.

    Raises: PackRefused.
    """
    data = zcta.parse(file)
    hint = _CONGRESS_IN_NAME.search(file.name)
    number = congress_number or (
        int(hint.group(1)) if hint else current_app.extensions["advocacy.settings"].civic.congress
    )
    edition, valid_from, valid_to = _congress_term(number, None, None)
    rows = [
        {"country": "US", "code": code, "ocd_id": ocd_id, "share": None, "town": None}
        for code, ids in data.divisions.items()
        for ocd_id in ids
    ]
    counts = {"codes": len(data.divisions), "rows": data.row_count, "split": data.split_count}
    return Incoming(
        PackKind.ZCTA,
        f"ZIP codes and House districts of the {number}th Congress",
        file.name,
        "Public domain (US Census Bureau)",
        file.sha256,
        frozenset(data.divisions),
        counts,
        edition=edition,
        data_on=file.changed_on,
        valid_from=valid_from,
        valid_to=valid_to,
        rows=[(PostalDivision, rows)],
    )


def crosswalk_pack(file: PackFile) -> Incoming:
    """Census codes of state legislative districts.

    Raises: PackRefused.
    """
    codes = crosswalk.parse(file)
    rows = [
        {
            "layer": code.layer,
            "geoid": code.geoid,
            "ocd_id": code.ocd_id,
            "name": code.name,
            "seat_count": code.seat_count,
        }
        for code in codes
    ]
    return Incoming(
        PackKind.CROSSWALK,
        "Codes of state legislative districts",
        file.name,
        "facts",
        file.sha256,
        frozenset(f"{code.layer}:{code.geoid}" for code in codes),
        {"rows": len(codes)},
        data_on=file.changed_on,
        rows=[(DistrictCode, rows)],
        divisions={code.ocd_id: (_district_name(code), code.seat_count) for code in codes},
    )


def _district_name(code: crosswalk.Code) -> str:
    place = rules.place_of(code.ocd_id)
    return f"{place.name}, {code.name}"[:120] if place else code.name


def _congress_term(number: int, valid_from: date | None, valid_to: date | None) -> tuple[str, date, date]:
    if not 1 <= number <= 200:  # noqa: PLR2004 - Congresses until 2187
        raise PackRefused(f"there is no Congress number {number}")
    start, end = valid_from or rules.congress_starts(number), valid_to or rules.congress_starts(number + 1)
    if start >= end:
        raise PackRefused(f"the {number}th Congress ends on {end}, before {start}")
    return str(number), start, end


def _digest(packed: Sequence[PackFile]) -> str:
    """One file's own fingerprint, or one over all of them in any order."""
    if len(packed) == 1:
        return packed[0].sha256
    return hashlib.sha256("".join(sorted(file.sha256 for file in packed)).encode()).hexdigest()


def _names(packed: Sequence[PackFile]) -> str:
    return ", ".join(file.name for file in packed)[:200]
