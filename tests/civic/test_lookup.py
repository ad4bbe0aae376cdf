"""Look-ups at their edges: addresses, lines, shores, dates, what is not known."""

from __future__ import annotations

import math
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date

import pytest

from advocacy.app import create_app
from advocacy.civic.services import demo_pack, directory, lookup
from advocacy.civic.services.results import Status
from advocacy.core import uow
from advocacy.core.actor import ANONYMOUS
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from tests.support import civic_packs, databases

DAY = date(2026, 11, 24)
ZZ = "ocd-division/country:us/state:zz"
pytestmark = pytest.mark.settings(demo={"enabled": True})


@pytest.fixture
def find(app):
    with uow.unit():
        demo_pack.install()

    def ask(**given):
        with uow.reading():
            return lookup.find(ANONYMOUS, on=given.pop("on", DAY), **given)

    return ask


@pytest.mark.parametrize(
    "address, status, state",
    [
        ("12345 Main Street, Riverbend, ZZ 99961", "ok", "ZZ"),
        ("12345 Main Street\nRiverbend, ZZ 99961-1234", "ok", "ZZ"),
        ("99961", "ok", "ZZ"),
        ("PO Box 99963, Riverbend 99961", "need_address", "ZZ"),
        ("P.O. box 7, Riverbend 99961", "need_address", "ZZ"),
        ("1 Main, Millbrook 99963", "choose", "ZZ"),
        ("PSC 1 Box 2, APO AE 09574", "need_address", None),
        ("7 Gold Street, Haines, Alaska", "ok", "AK"),
        ("7 Gold Street, Haines, AK", "ok", "AK"),
        ("1 Beacon Street, Boston, Massachusetts", "need_address", "MA"),
        ("1 F Street, District of Columbia", "ok", "DC"),
        ("12345 Main Street", "need_address", None),
        ("12345 Main Street, Saint Paul, MN", "need_address", "MN"),
        ("12345 Main Street, Riverbend, ZZ 99961, USA", "ok", "ZZ"),
        ("12345 Main Street, Riverbend, ZZ 99961, second bell", "ok", "ZZ"),
        ("P.O. Box 12345", "need_address", None),
        ("1 Main Street Apt 12345", "need_address", None),
        ("1 Main Street #12345", "need_address", None),
        ("7 Gold Street, Haines, AK, United States of America", "ok", "AK"),
        ("somewhere", "need_address", None),
    ],
)
def test_address_is_answered_by_its_zip_or_state(find, address, status, state):
    found = find(address=address)
    assert (found.status, found.state) == (status, state)
    assert not any(official.chamber in {"state_upper", "state_lower"} for official in found.officials)


@pytest.mark.parametrize("address", ["", "  ", "x" * 301, "a\x00b", "...", "\u202e", 7, ["1 Main"]])
def test_address_that_is_none_is_refused(find, address):
    with pytest.raises(RuleBroken) as caught:
        find(address=address)
    assert caught.value.field == ("postal_code" if address == "" else "address")


@pytest.mark.parametrize("code", ["55401", "55401-1234", "554011234", " 55401 "])
def test_zip_plus_four_is_cut(find, code):
    assert find(postal_code=code).state == "MN"


@pytest.mark.parametrize(
    "code",
    [
        "00000",
        "00500",
        "1234",
        "123456",
        "ABCDE",
        "5540O",
        "55401-",
        "55401-12",
        "\u0665\u0665\u0664\u0660\u0661",
        "-5540",
        "5.401",
    ],
)
def test_zip_that_is_none_is_refused(find, code):
    with pytest.raises(RuleBroken) as caught:
        find(postal_code=code)
    assert caught.value.field == "postal_code"


def test_other_country_is_refused(find):
    with pytest.raises(RuleBroken) as caught:
        find(postal_code="99961", country="CA")
    assert caught.value.field == "country"


@pytest.mark.parametrize(
    "lat, lng, field",
    [
        (91, 0, "lat"),
        (-90.01, 0, "lat"),
        (0, 181, "lng"),
        (math.nan, 0, "lat"),
        (0, math.inf, "lng"),
        ("x", 0, "lat"),
        (None, 5, "lat"),
        (5, None, "lng"),
        (True, 5, "lat"),
        (5, [1], "lng"),
        ("1e2", 1, "lat"),
        (-93.26, 44.97, "lat"),
    ],
)
def test_point_that_is_none_is_refused(find, lat, lng, field):
    """91 degrees, NaN, words, swapped coordinates of the American west."""
    with pytest.raises(RuleBroken) as caught:
        find(lat=lat, lng=lng)
    assert caught.value.field == field


@pytest.mark.parametrize("lat, lng", [(0, 0), (-49, 33), (90, 180), (-90, -180), ("33", "49")])
def test_point_outside_is_not_found(find, lat, lng):
    found = find(lat=lat, lng=lng)
    assert found.status is Status.NOT_FOUND
    assert "outside" in found.warnings


def test_point_on_a_line_asks(find):
    found = find(lat=33, lng=-48)
    assert found.status is Status.CHOOSE
    assert {option.division_ids[0] for option in found.options} == {f"{ZZ}/cd:1", f"{ZZ}/cd:2"}
    assert len(found.officials) == 2


def test_point_near_a_line_says_so(find):
    assert "near_line" in find(lat=33, lng=-48.0003).warnings
    assert "near_line" not in find(lat=33, lng=-48.01).warnings


def test_point_just_off_the_coast_takes_the_nearest_district(find):
    found = find(lat=34.01, lng=-49)
    assert found.status is Status.OK
    assert f"{ZZ}/cd:1" in found.divisions
    assert "near_shore" in found.warnings
    assert find(lat=34.05, lng=-49).status is Status.NOT_FOUND


def test_multi_member_and_empty_seats_are_counted(find):
    seats = {
        seat.division_id: (seat.status, seat.seat_count, seat.filled_count) for seat in find(lat=33, lng=-49).seats
    }
    assert seats[f"{ZZ}/sldl:1"] == ("filled", 2, 2)
    empty = {seat.division_id: seat.status for seat in find(lat=33, lng=-45).seats}
    assert empty[f"{ZZ}/cd:3"] == "vacant"


def test_delegate_of_the_islands_has_no_senators(find):
    found = find(postal_code=demo_pack.ISLAND_ZIP)
    assert [official.name for official in found.officials] == ["Kaimana Northcove"]
    assert [seat.role for seat in found.seats] == ["delegate"]


@pytest.mark.parametrize(
    "on", ["2026-13-01", "tomorrow", "2026-1-1", 5, ["2026-01-01"], "9999-01-01", "0001-01-01", "2026-11-24T00:00"]
)
def test_day_that_is_none_is_refused(find, on):
    with pytest.raises(RuleBroken) as caught:
        find(postal_code="99961", on=on)
    assert caught.value.field == "on"


def test_day_before_a_term_knows_nobody(find):
    found = find(postal_code="99961", on="2024-01-01")
    assert found.officials == ()
    assert {seat.status for seat in found.seats} == {"unknown"}
    assert "no_people_data" in found.warnings


@pytest.mark.parametrize(
    "division",
    ["ocd-division/country:us/state:zz/cd:9", "x", "", 5, "ocd-division/country:us/state:zz/sldl:77", "a\x00"],
)
def test_division_that_is_none_is_refused(find, division):
    with pytest.raises(RuleBroken) as caught:
        find(division=division)
    assert caught.value.field == ("postal_code" if division == "" else "division")


def test_division_of_a_whole_state_still_needs_the_district(find):
    found = find(division=ZZ)
    assert found.status is Status.NEED_ADDRESS
    assert len(found.officials) == 2


@pytest.mark.parametrize(
    "code", ["96910", "00802", "96799", "96950", "00738", "20006", "99501", "05401", "19901", "57501", "58501", "82001"]
)
def test_places_with_one_seat_need_no_pack(app, code):
    with uow.reading():
        placed = lookup.place_postal(code, "US", DAY)
    assert placed.certainty == "placed"
    assert placed.by_state
    assert placed.certain_house in placed.division_ids


@pytest.mark.parametrize("code", ["09574", "96201", "34001", "99999", "96941", "96960", "96939", "x", "", None, 5])
def test_codes_that_place_nobody(app, code):
    """Military, unknown, and the freely associated states, which send nobody to Congress."""
    with uow.reading():
        placed = lookup.place_postal(code, "US", DAY)
    assert (placed.certainty, placed.state, placed.division_ids) == ("unplaced", None, ())


def test_made_up_codes_are_given_to_nobody(app):
    import zipcodes

    assert not any(zipcodes.matching(code) for code in demo_pack._ZIPS)


def test_town_of_zip(find):
    with uow.reading():
        assert lookup.town_of("99961") == "Riverbend"
        assert lookup.town_of("83330") == "Gooding"
        assert lookup.town_of("nonsense") is None


def test_states_hold_made_up_places_only_with_their_pack(app):
    with uow.reading():
        assert len(lookup.states()) == 56
    with uow.unit():
        demo_pack.install()
    with uow.reading():
        assert len(lookup.states()) == 58


@pytest.mark.both_databases
def test_demo_pack_installs_once(app):
    from advocacy.civic import queries

    for _time in range(2):
        with uow.unit():
            demo_pack.install()
    with uow.reading():
        assert len(queries.active_packs()) == 5
        found = lookup.find(ANONYMOUS, lat=33, lng=-49, on=DAY)
    assert found.status is Status.OK
    assert len(found.officials) == 6


@pytest.mark.civic_data
def test_made_up_state_and_real_packs_stand_together(civic_data):
    url = databases.new_sqlite()
    source = civic_packs.real_database(civic_data).removeprefix("sqlite:///")
    target = url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(source)) as real, closing(sqlite3.connect(target)) as copy:
        real.backup(copy)
    app = create_app(databases.make_settings(url, demo={"enabled": True}))
    with app.app_context():
        with uow.unit():
            demo_pack.install()
        with uow.reading():
            assert lookup.find(ANONYMOUS, lat=33, lng=-49, on=DAY).state == "ZZ"
            assert lookup.find(ANONYMOUS, lat=44.97, lng=-93.26, on=DAY).state == "MN"
            assert lookup.find(ANONYMOUS, postal_code="99961", on=DAY).state == "ZZ"
            assert lookup.find(ANONYMOUS, postal_code="83330", on=DAY).state == "ID"
        db.session.remove()
        db.engine.dispose()


def test_lookups_in_several_threads_agree(app, find):
    """A prepared polygon must not be built by two threads at once."""
    from advocacy.civic.services.store import store
    from advocacy.core.db import db

    def ask(number):
        with app.app_context(), uow.reading():
            found = lookup.find(ANONYMOUS, lat=30.5 + number % 3, lng=-49.5 + number % 5, on=DAY)
            db.session.remove()
            return found.status, found.divisions

    for _round in range(3):
        store()._parts.clear()
        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(ask, range(60)))
        assert all(results[number] == results[number + 15] for number in range(45))


@pytest.mark.settings(demo={"enabled": False})
def test_made_up_places_are_nowhere_where_no_demonstration_is_on(find):
    """A database that once was a demonstration shows its visitors nobody and nothing made up."""
    assert find(postal_code="99961").warnings == ("unknown_zip",)
    assert find(lat=33, lng=-49).officials == ()
    with pytest.raises(RuleBroken):
        find(division=f"{ZZ}/cd:1")
    with uow.reading():
        assert len(lookup.states()) == 56
        assert lookup.officials_for([ZZ, f"{ZZ}/cd:1"]) == []
        assert directory.people_page().officials == []
        assert directory.person("demo-rosalind-delgado-finch") is None
