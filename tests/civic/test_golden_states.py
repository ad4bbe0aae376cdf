"""Places with known answers in both chambers of their state; what a look-up costs with the whole country loaded."""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from advocacy.civic.models import Chamber, Official, PackKind
from advocacy.civic.packs.openstates_people import seat_of
from advocacy.civic.services import lookup
from advocacy.civic.services.people import STATE_CHAMBERS, SeatStatus
from advocacy.civic.services.store import store
from advocacy.core.actor import ANONYMOUS
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from tests.conftest import CIVIC_DATA

pytestmark = pytest.mark.civic_data
DAY = date(2026, 11, 24)
US = "ocd-division/country:us"


def points() -> list[dict]:
    path = CIVIC_DATA / "golden/us-points.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []


def keys(point: dict, layer: str) -> set[str]:
    return {person["id"].removeprefix("ocd-person/") for person in point["legislators"].get(layer, [])}


@pytest.mark.parametrize("point", points(), ids=lambda point: f"{point['state']} {point['zip']}")
def test_lookup_of_golden_point_gives_both_state_chambers(country_app, point):
    found = lookup.find(ANONYMOUS, lat=point["lat"], lng=point["lng"], on=DAY)
    assert set(found.divisions) == set(point["divisions"].values())
    for layer, chamber in (("sldu", Chamber.STATE_UPPER), ("sldl", Chamber.STATE_LOWER)):
        assert {official.id for official in found.officials if official.chamber is chamber} == keys(point, layer)
        seats = [seat for seat in found.seats if seat.chamber is chamber]
        if layer not in point["divisions"]:
            assert seats == []
        elif keys(point, layer):
            assert [seat.status for seat in seats] == [SeatStatus.FILLED]
        else:
            assert [seat.status for seat in seats] == [SeatStatus.VACANT]


def test_golden_points_are_all_there(civic_data: Path):
    assert len(points()) == 104


def test_whole_country_has_every_person_once(country_app):
    counts = {
        pack.area: sum(map(len, store().people(pack).by_division.values()))
        for pack in store().packs()
        if pack.kind == PackKind.OPENSTATES
    }
    assert len(counts) == 53
    led = db.session.scalars(select(Official.same_as).where(Official.same_as.is_not(None))).all()
    assert len(led) == len(set(led)) == 455  # members of Congress whom the first list leads, by the id made of theirs
    assert sum(counts.values()) + len(led) == 7989


def test_no_zip_code_gives_a_state_legislator(country_app, civic_data: Path):
    """Never state legislators from a ZIP code: section 4.5."""
    cases = json.loads((civic_data / "golden/us-zip-cases.json").read_text(encoding="utf-8"))
    for code in [case["zip"] for case in cases if case["kind"] != "invalid"] + ["20001", "00901", "82001"]:
        found = lookup.find(ANONYMOUS, postal_code=code, on=DAY)
        assert not any(official.chamber in STATE_CHAMBERS for official in found.officials)
        assert not any(seat.chamber in STATE_CHAMBERS for seat in found.seats)


def test_names_by_rule_agree_with_the_crosswalk(civic_data: Path):
    """6,740 districts of Open States, found from their name alone."""
    import csv

    with (civic_data / "boundaries/sld-ocd-crosswalk.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["openstates_district_name"]]
    assert len(rows) == 6740
    for row in rows:
        kind = {"sldu": "upper", "sldl": "lower"}[row["layer"]]
        seat = seat_of(row["state"].lower(), kind, row["openstates_district_name"])
        assert seat is not None
        assert seat.ocd_id == row["ocd_division_id"], row


def test_point_lookup_with_the_whole_country_takes_under_two_milliseconds(country_app):
    places = points()
    for point in places:
        lookup.find(ANONYMOUS, lat=point["lat"], lng=point["lng"], on=DAY)
    took = []
    for point in places * 3:
        began = time.thread_time()  # the work, whatever else the machine does
        lookup.find(ANONYMOUS, lat=point["lat"], lng=point["lng"], on=DAY)
        took.append(time.thread_time() - began)
    assert sorted(took)[int(len(took) * 0.99)] < 0.002


def test_pitfall_03_one_chamber_council_and_several_members(country_app):
    """Nebraska, the District, New Hampshire, Idaho's seats A and B, districts with letters and with names."""
    nebraska = lookup.seats_for([f"{US}/state:ne/sldu:1"], DAY)
    assert [seat.status for seat in nebraska] == [SeatStatus.FILLED]
    council = lookup.officials_for([f"{US}/district:dc", f"{US}/district:dc/ward:1"], DAY)
    assert Counter(official.chamber for official in council) == {Chamber.US_HOUSE: 1, Chamber.COUNCIL: 6}
    idaho = lookup.officials_for([f"{US}/state:id/sldl:27"], DAY)
    assert sorted(official.seat or "" for official in idaho) == ["A", "B"]
    assert lookup.officials_for([f"{US}/state:id/sldl:27a"], DAY) == idaho
    for ocd_id, seats in (
        ("nh/sldl:rockingham_13", 10),
        ("vt/sldl:rutland-windsor", 1),
        ("az/sldl:1", 2),
        ("wa/sldl:1", 2),
    ):
        found = lookup.seats_for([f"{US}/state:{ocd_id}"], DAY)[0]
        assert (found.seat_count, found.status) == (seats, SeatStatus.FILLED), ocd_id
    assert lookup.officials_for([f"{US}/state:mn/sldl:34a"], DAY)
    assert lookup.officials_for([f"{US}/state:md/sldl:37b"], DAY)
    assert lookup.officials_for([f"{US}/state:ak/sldu:g"], DAY)
    assert lookup.officials_for([f"{US}/state:ma/sldu:1st_middlesex"], DAY)
    floterial = lookup.officials_for([f"{US}/state:nh/sldl:belknap_8"], DAY)
    assert floterial
    there = lookup.find(ANONYMOUS, lat=43.5, lng=-71.45, on=DAY)
    assert "floterial" in there.warnings


def test_pitfall_04_seat_known_to_be_empty_is_vacant_and_a_gap_is_unknown(country_app):
    seats = lookup.seats_for(
        [f"{US}/state:nh/sldl:belknap_6", f"{US}/state:ga/sldu:7", f"{US}/state:ma/sldl:1st_franklin"], DAY
    )
    assert {seat.status for seat in seats} == {SeatStatus.VACANT}
    assert lookup.seats_for([f"{US}/state:ne/sldl:1"], DAY)[0].status is SeatStatus.UNKNOWN


def test_seat_with_two_people_listed_is_told(country_app):
    """Two members stand for MN 29A in the file; its map has one seat."""
    found = lookup.find(ANONYMOUS, division=f"{US}/state:mn/sldl:29a", on=DAY)
    assert sum(official.chamber is Chamber.STATE_LOWER for official in found.officials) == 2
    assert "too_many_listed" in found.warnings


@pytest.mark.parametrize(
    "code, status",
    [("55401", "ok"), ("83330", "ok"), ("00000", None), ("2101", None), ("09001", "need_address")],
)
def test_pitfall_01_zip_codes_are_placed_split_or_refused(real_app, code, status):
    """A ZIP+4 is cut to five; a zero that a spreadsheet ate is told, not guessed."""
    if status is None:
        with pytest.raises(RuleBroken):
            lookup.find(ANONYMOUS, postal_code=code, on=DAY)
        return
    found = lookup.find(ANONYMOUS, postal_code=code, on=DAY)
    assert found.status == status or (status == "ok" and found.status == "choose")
    assert lookup.find(ANONYMOUS, postal_code=f"{code}-1234", on=DAY).divisions == found.divisions


@pytest.mark.parametrize(
    "lat, lng, status",
    [
        ("41.9", "-87.3", None),  # in Lake Michigan
        ("-93.26", "44.97", "refused"),  # swapped
        ("44.97", "-93.26", "ok"),
        ("0", "0", "not_found"),
        ("91", "0", "refused"),
        ("nan", "0", "refused"),
        ("41.28", "-70.1", "ok"),  # on Nantucket
    ],
)
def test_pitfall_05_points_at_the_edge_or_nowhere(country_app, lat, lng, status):
    if status == "refused":
        with pytest.raises(RuleBroken):
            lookup.find(ANONYMOUS, lat=lat, lng=lng, on=DAY)
        return
    found = lookup.find(ANONYMOUS, lat=lat, lng=lng, on=DAY)
    assert found.status == status or (status is None and found.status in {"ok", "not_found", "choose"})
