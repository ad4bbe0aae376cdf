"""A made-up state and its islands, so that every screen works before real data is imported.

Columbia lies in the open Atlantic: three House districts (one seat empty), two senators, a state senate of two
districts and a state house of three (the first with two seats). The Columbia Islands have one delegate at large. ZIP
codes 99961 to 99968 are given to nobody by the postal service; phones are of the range kept for fiction, web
addresses lead to example.org.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date

import shapely

from advocacy.civic import rules
from advocacy.civic.models import Boundary, Chamber, CivicPin, Layer, PackKind, PinField, PostalDivision
from advocacy.civic.packs.boundaries import Area, BoundaryData
from advocacy.civic.packs.members import Board, CommitteeMember, Member
from advocacy.civic.places import DEMO_PLACES
from advocacy.civic.services import conflicts, importing
from advocacy.civic.services.incoming import Incoming, board_rows, boundary_rows, member_seats
from advocacy.civic.services.store import DEMO_AREA
from advocacy.civic.source_models import CivicConflict, ConflictKind
from advocacy.core import clock
from advocacy.core.actor import system_actor
from advocacy.core.db import db

_NAME = "Demonstration data (made up)"
_STATE, _ISLANDS = (place.ocd_id for place in DEMO_PLACES)
_BEGAN = date(2025, 1, 3)

# Boxes in degrees: west, south, east, north.
_AREAS: dict[Layer, dict[str, tuple[float, float, float, float]]] = {
    Layer.HOUSE: {
        f"{_STATE}/cd:1": (-50, 30, -48, 34),
        f"{_STATE}/cd:2": (-48, 30, -46, 34),
        f"{_STATE}/cd:3": (-46, 30, -44, 34),
        _ISLANDS: (-43, 30, -42, 31),
    },
    Layer.UPPER: {f"{_STATE}/sldu:1": (-50, 30, -47, 34), f"{_STATE}/sldu:2": (-47, 30, -44, 34)},
    Layer.LOWER: {
        f"{_STATE}/sldl:1": (-50, 32, -47, 34),
        f"{_STATE}/sldl:2": (-50, 30, -47, 32),
        f"{_STATE}/sldl:3": (-47, 30, -44, 34),
    },
}
_SEAT_COUNTS = {f"{_STATE}/sldl:1": 2}
_ZIPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "99961": ("Riverbend", (f"{_STATE}/cd:1",)),
    "99962": ("Willow Lake", (f"{_STATE}/cd:1",)),
    "99963": ("Millbrook", (f"{_STATE}/cd:1", f"{_STATE}/cd:2")),
    "99964": ("Harmony", (f"{_STATE}/cd:2",)),
    "99965": ("Eastport", (f"{_STATE}/cd:3",)),
    "99966": ("Cedar Summit", (f"{_STATE}/cd:2",)),
    "99967": ("Island Harbor", (_ISLANDS,)),
    "99968": ("Ferry Landing", (f"{_STATE}/cd:3", _ISLANDS)),
}
type_person = tuple[str, str, str, str, Chamber]
_PEOPLE: tuple[type_person, ...] = (
    ("Rosalind", "Delgado-Finch", "Lake Party", f"{_STATE}/cd:1", Chamber.US_HOUSE),
    ("Obi", "Thistlewood", "Hill Party", f"{_STATE}/cd:2", Chamber.US_HOUSE),
    ("Harriet", "Lindqvist", "Lake Party", _STATE, Chamber.US_SENATE),
    ("Teodor", "Marchbank", "Hill Party", _STATE, Chamber.US_SENATE),
    ("Kaimana", "Northcove", "Independent", _ISLANDS, Chamber.US_HOUSE),
    ("Imani", "Brightwater", "Lake Party", f"{_STATE}/sldu:1", Chamber.STATE_UPPER),
    ("Walt", "Novakovic-Reed", "Hill Party", f"{_STATE}/sldu:2", Chamber.STATE_UPPER),
    ("Priya", "Ramanathan-Oakes", "Lake Party", f"{_STATE}/sldl:1", Chamber.STATE_LOWER),
    ("Joel", "Winterbourne", "Hill Party", f"{_STATE}/sldl:1", Chamber.STATE_LOWER),
    ("Anneke", "Sokol-Hart", "Independent", f"{_STATE}/sldl:2", Chamber.STATE_LOWER),
    ("Desmond", "Clearwell", "Hill Party", f"{_STATE}/sldl:3", Chamber.STATE_LOWER),
)
_BOARDS: tuple[tuple[str, str, str | None, tuple[tuple[int, str], ...]], ...] = (
    ("health", "Committee on Health and Care", None, ((7, "Chair"), (8, "Vice Chair"), (10, ""))),
    ("crisis-care", "Subcommittee on Crisis Care", "health", ((8, "Chair"), (10, ""))),
    ("appropriations", "Committee on Appropriations", None, ((9, "Chair"), (7, ""))),
)
"""Committees of the state house: key, name, whole committee, and who sits in them by number and title."""
SPLIT_ZIP = "99963"
VACANT_ZIP = "99965"
ISLAND_ZIP = "99967"
TWO_STATES_ZIP = "99968"
PLAIN_ZIPS = ("99961", "99962", "99964", "99966")


def install() -> None:
    """Bring the made-up packs in, or leave them as they are.

    Needs: a writing unit.
    """
    operator = system_actor()
    for pack in (_people(), *(_boundaries(layer) for layer in _AREAS), _zips()):
        importing.import_pack(operator, pack)


def _pack(kind: PackKind, content: object, **facts: object) -> Incoming:
    digest = hashlib.sha256(json.dumps([kind, content], sort_keys=True, default=str).encode()).hexdigest()
    pack = Incoming(
        kind,
        _NAME,
        "made up",
        "none",
        digest,
        frozenset(),
        {},
        area=DEMO_AREA,
        is_demo=True,
        data_on=clock.now().date(),
    )
    for name, value in facts.items():
        setattr(pack, name, value)
    return pack


def _people() -> Incoming:
    members = [_member(number, person) for number, person in enumerate(_PEOPLE)]
    boards = [
        Board(
            f"demo-{key}",
            name,
            "lower",
            DEMO_PLACES[0].code,
            f"demo-{parent}" if parent else None,
            f"https://example.org/{key}",
            members=tuple(CommitteeMember(members[seat].key, title, rank) for rank, (seat, title) in enumerate(seats)),
        )
        for key, name, parent, seats in _BOARDS
    ]
    return _pack(
        PackKind.CONGRESS,
        [_PEOPLE, _BOARDS],
        members=members,
        rows=board_rows(boards),
        seats=member_seats(members),
        counts={"members": len(members), "committees": len(boards)},
    )


def disagree() -> None:
    """Let an editor know something better, and sources say different things: for the pages about that.

    Needs: a writing unit, and the made-up packs.
    """
    db.session.add(
        CivicPin(
            person_key=_member(1, _PEOPLE[1]).key,
            field=PinField.PHONE,
            value="202-555-0188",
            note="The line in the list is answered by nobody",
            source="Asked at the front desk",
            pinned_at=clock.now(),
        )
    )
    first = _member(0, _PEOPLE[0])
    db.session.add(
        CivicConflict(
            mark=hashlib.sha256(b"demo").hexdigest(),
            kind=ConflictKind.FIELD,
            person_key=first.key,
            other_key="demo-other",
            field=PinField.URL,
            ocd_id=first.ocd_id,
            ours=str(first.url),
            theirs="https://example.org/new/rosalind",
            our_source=_NAME,
            our_on=clock.now().date(),
            their_source="A second list (made up)",
            their_on=clock.now().date(),
            found_at=clock.now(),
        )
    )
    conflicts.note("made up", f"{_STATE}/cd:1", f"{_STATE}/cd:2")


def _member(number: int, person: type_person) -> Member:
    given, family, party, ocd_id, chamber = person
    slug = f"{given}-{family}".lower()
    return Member(
        key=f"demo-{slug}",
        full_name=f"{given} {family}",
        given_name=given,
        family_name=family,
        party=party,
        ocd_id=ocd_id,
        chamber=chamber,
        starts_on=_BEGAN,
        ends_on=None,
        phone=f"202-555-01{10 + number}",
        contact_form=f"https://example.org/write-to/{slug}",
        url=f"https://example.org/{slug}",
        address="1 Example Square, Columbia",
    )


def _boundaries(layer: Layer) -> Incoming:
    areas = _AREAS[layer]
    data = BoundaryData(areas=[Area(ocd_id, "", shapely.box(*box)) for ocd_id, box in areas.items()])
    return _pack(
        PackKind.BOUNDARIES,
        areas,
        layer=str(layer),
        seats=frozenset(areas),
        counts={"divisions": len(areas)},
        rows=[(Boundary, boundary_rows(data))],
        divisions={ocd_id: (rules.name_of(ocd_id) or ocd_id, _SEAT_COUNTS.get(ocd_id, 1)) for ocd_id in areas},
    )


def _zips() -> Incoming:
    rows = [
        {"country": "US", "code": code, "ocd_id": ocd_id, "share": None, "town": town}
        for code, (town, ids) in _ZIPS.items()
        for ocd_id in ids
    ]
    return _pack(
        PackKind.ZCTA, _ZIPS, seats=frozenset(_ZIPS), counts={"codes": len(_ZIPS)}, rows=[(PostalDivision, rows)]
    )
