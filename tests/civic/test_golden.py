"""Places with known answers: issue A, "every point … every case of golden"."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path

import pytest

from advocacy.civic.models import Chamber
from advocacy.civic.services import lookup
from advocacy.civic.services.results import Status
from advocacy.core.actor import ANONYMOUS
from advocacy.core.errors import RuleBroken
from advocacy.core.text import fold
from tests.conftest import CIVIC_DATA

pytestmark = pytest.mark.civic_data
DAY = date(2026, 11, 24)


def _read(name: str) -> list[dict]:
    path = CIVIC_DATA / "golden" / name
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []


def _members() -> dict[str, str]:
    """Family name by House seat, straight from the file."""
    found = {}
    for person in json.loads((CIVIC_DATA / "us-congress/legislators-current.json").read_text(encoding="utf-8")):
        term = person["terms"][-1]
        if term["type"] == "rep":
            found[f"{term['state']}-{term['district']}"] = person["name"]["last"]
    return found


def _seat(state: str, ocd_id: str) -> str:
    tail = ocd_id.rpartition("cd:")[2]
    return f"{state}-{tail if tail.isdigit() else 0}"


def test_lookup_of_every_golden_point_gives_its_district_and_member(real_app, civic_data):
    members = _members()
    points = _read("us-points.json")
    assert len(points) == 104
    for point in points:
        where = f"{point['state']} {point['zip']}"
        found = lookup.find(ANONYMOUS, lat=point["lat"], lng=point["lng"], on=DAY)
        assert found.status is Status.OK, where
        assert point["divisions"]["cd"] in found.divisions, where
        assert point["divisions"]["state"] in found.divisions, where
        house = [official for official in found.officials if official.chamber is Chamber.US_HOUSE]
        senators = {fold(o.family_name) for o in found.officials if o.chamber is Chamber.US_SENATE}
        assert [fold(o.family_name) for o in house] == [
            fold(members[_seat(point["state"], point["divisions"]["cd"])])
        ], where
        expected = [fold(name) for name in point["us_senators"]]
        assert len(senators) == len(expected), where
        assert all(any(name.endswith(family) for family in senators) for name in expected), where
        listed = [fold(person["name"]) for person in point["legislators"].get("cd", [])]
        if listed and "disagree" not in point["note"]:
            family = fold(house[0].family_name)
            assert any(family in name or name.split()[-1] in family for name in listed), where


@pytest.mark.parametrize("case", _read("us-zip-cases.json"), ids=lambda case: f"{case['kind']} {case['zip']}")
def test_lookup_of_golden_zip_gives_its_answer(real_app, civic_data, case):
    kind = case["kind"]
    if kind == "invalid":
        with pytest.raises(RuleBroken) as caught:
            lookup.find(ANONYMOUS, postal_code=case["zip"], on=DAY)
        assert caught.value.field == "postal_code"
        return
    found = lookup.find(ANONYMOUS, postal_code=case["zip"], on=DAY)
    senators = [official for official in found.officials if official.chamber is Chamber.US_SENATE]
    house = [official for official in found.officials if official.chamber is Chamber.US_HOUSE]
    if kind in {"two districts", "many districts", "crosses a state line"}:
        assert found.status is Status.CHOOSE
        assert {ocd_id for option in found.options for ocd_id in option.division_ids} == set(case["districts"])
        assert house == []
        assert len(senators) == (0 if kind == "crosses a state line" else 2)
    elif kind in {"PO box only, no ZCTA", "military"}:
        assert found.status is Status.NEED_ADDRESS
        assert house == []
        assert found.state == (None if kind == "military" else case["state"])
        assert len(senators) == (0 if kind == "military" else 2)
    elif kind == "territory":
        assert found.status is Status.OK
        assert len(house) == 1
        assert senators == []
    else:
        assert kind in {"single district", "at-large"}
        assert found.status is Status.OK
        assert set(case["districts"]) <= set(found.divisions)
        assert len(house) == 1
        assert len(senators) == (0 if case["state"] == "DC" else 2)
    assert not any(official.chamber in {Chamber.STATE_UPPER, Chamber.STATE_LOWER} for official in found.officials)


def test_zip_cases_are_all_there(civic_data: Path):
    assert len(_read("us-zip-cases.json")) == 34


def test_point_lookup_after_loading_takes_under_a_millisecond(real_app, civic_data):
    points = _read("us-points.json")
    for point in points:
        lookup.find(ANONYMOUS, lat=point["lat"], lng=point["lng"], on=DAY)
    took = []
    for point in points * 3:
        began = time.perf_counter()
        lookup.find(ANONYMOUS, lat=point["lat"], lng=point["lng"], on=DAY)
        took.append(time.perf_counter() - began)
    assert sorted(took)[len(took) // 2] < 0.001


def test_place_postal_after_loading_takes_under_a_millisecond(real_app, civic_data):
    codes = ["55055", "83330", "14021", "99827", "66541"] * 40
    for code in codes[:5]:
        lookup.place_postal(code, "US", DAY)
    began = time.perf_counter()
    for code in codes:
        lookup.place_postal(code, "US", DAY)
    assert (time.perf_counter() - began) / len(codes) < 0.001
