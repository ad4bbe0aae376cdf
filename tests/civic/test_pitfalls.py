"""Pitfalls 1, 4, 5, 6 and 12 of the civic notes, point by point, on real data where it is there and on small files."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
import shapely

from advocacy.civic import queries
from advocacy.civic.models import Chamber
from advocacy.civic.services import lookup
from advocacy.civic.services.people import SeatStatus
from advocacy.core import uow
from advocacy.core.actor import ANONYMOUS
from tests.factories import civic as made
from tests.support.walk import fingerprint

DAY = date(2026, 11, 24)
US = "ocd-division/country:us"
MN = f"{US}/state:mn"
real = pytest.mark.civic_data


def at(lat, lng, day=DAY):
    return lookup.find(ANONYMOUS, lat=lat, lng=lng, on=day)


def house(found):
    return [official for official in found.officials if official.chamber is Chamber.US_HOUSE]


# --- 1: ZIP codes ----------------------------------------------------------------------------------------------------


@real
@pytest.mark.parametrize(
    ("code", "wanted", "warning"),
    [
        ("55055", ("choose", "MN", 2), "several_districts"),  # in two districts
        ("91750", ("choose", "CA", 6), "several_districts"),  # in six
        ("66541", ("choose", None, 2), "several_states"),  # in two states
        ("14021", ("need_address", "NY", 0), "po_box"),
        ("55164", ("need_address", "MN", 0), "po_box"),
        ("09574", ("need_address", None, 0), "military"),
        ("12345", ("need_address", "NY", 0), "no_zip_area"),  # of one company
        ("48288", ("need_address", "MI", 0), "no_zip_area"),
        ("02101", ("need_address", None, 0), "unknown_zip"),  # given to nobody any more
    ],
)
def test_pitfall_01_code_that_does_not_decide_says_why(real_app, code, wanted, warning):
    for given in (code, f"{code}-1234", f"{code}1234", f" {code} "):
        found = lookup.find(ANONYMOUS, postal_code=given, on=DAY)
        assert (found.status, found.state, len(found.options)) == wanted
        assert warning in found.warnings
        assert house(found) == []


@real
def test_pitfall_01_code_of_a_building_in_a_place_with_one_seat_is_certain(real_app):
    found = lookup.find(ANONYMOUS, postal_code="20505", on=DAY)
    assert (found.status, found.divisions) == ("ok", (f"{US}/district:dc",))


def test_pitfall_01_zero_that_a_spreadsheet_ate_is_told_not_guessed(run, tmp_path):
    table = made.write(tmp_path, "zips.csv", "state_abbr,zcta,cd\nMA,2108,8\n")
    assert "a spreadsheet may have cut its zeros" in run("import", "zcta", table, status=2)
    assert run("lookup", "--zip", "2108", status=2)
    assert run("lookup", "--zip", "00000", status=2)


# --- 4: who sits -----------------------------------------------------------------------------------------------------


@real
@pytest.mark.parametrize("seat", ["tx/cd:23", "ca/cd:14", "fl/cd:20", "ga/cd:13"])
def test_pitfall_04_empty_seat_is_said_to_be_empty(real_app, seat):
    found = lookup.find(ANONYMOUS, division=f"{US}/state:{seat}", on=DAY)
    status = {seats.chamber: seats.status for seats in found.seats}
    assert status == {Chamber.US_HOUSE: SeatStatus.VACANT, Chamber.US_SENATE: SeatStatus.FILLED}
    assert house(found) == []
    assert "no_people_data" not in found.warnings


@real
def test_pitfall_04_member_whom_only_the_second_list_has_sits(country_app):
    """The newer file of the first list lacks the member of California's first district."""
    found = lookup.find(ANONYMOUS, division=f"{US}/state:ca/cd:1", on=DAY)
    assert len(house(found)) == 1
    assert [seats.status for seats in found.seats if seats.chamber is Chamber.US_HOUSE] == [SeatStatus.FILLED]


def test_pitfall_04_member_sworn_in_yesterday_and_senator_past_the_end_are_shown(run, tmp_path, client):
    people = made.congress("GA")
    people[0] = made.member(900, "GA", 1, start="2026-11-23", phone=None, url=None, address=None)
    del people[0]["name"]["official_full"]
    senator = next(entry for entry in people if entry["terms"][-1]["type"] == "sen")
    senator["terms"][-1] |= {"end": "2026-11-03", "end-type": "special-election", "how": "appointment"}
    run("import", "congress", made.write(tmp_path, "m.json", people))
    with uow.reading():
        found = lookup.find(ANONYMOUS, division=f"{US}/state:ga/cd:1", on=DAY)
    assert [(official.name, official.phone) for official in house(found)] == [("Pat Member900", None)]
    assert sum(official.chamber is Chamber.US_SENATE for official in found.officials) == 2
    assert "term_ended" in found.warnings
    page = client.get("/legislators/T000900")
    assert page.status_code == 200
    assert "None" not in page.text


# --- 5: points -------------------------------------------------------------------------------------------------------


@real
@pytest.mark.parametrize(
    ("where", "lat", "lng", "district"),
    [
        ("Lake Michigan, where Michigan's districts reach", 43.5, -87.0, "state:mi/cd:2"),
        ("Lake Michigan, where Wisconsin's do", 43.0, -87.5, "state:wi/cd:1"),
        ("Lake Michigan off Chicago, beyond the lines", 41.9, -87.3, None),
        ("Lake Erie", 41.9, -82.0, None),
        ("the coast at Santa Monica", 34.008, -118.5, "state:ca/cd:36"),
        ("Nantucket", 41.28, -70.1, "state:ma/cd:9"),
        ("Key West", 24.5551, -81.78, "state:fl/cd:28"),
        ("Oahu", 21.3, -157.85, "state:hi/cd:1"),
        ("Guam", 13.45, 144.78, "territory:gu"),
        ("Alaska's islands beyond the date line", 52.9, 173.2, "state:ak/cd:at-large"),
        ("the Pacific", 36.5, -123.5, None),
        ("the Gulf", 28, -90, None),
        ("Toronto", 43.65, -79.38, None),
        ("nowhere", 0, 0, None),
        ("the pole", 90, 0, None),
    ],
)
def test_pitfall_05_water_islands_and_abroad(country_app, where, lat, lng, district):
    found = at(lat, lng)
    if district is None:
        assert (found.status, found.divisions, found.officials) == ("not_found", (), ()), where
        assert "outside" in found.warnings, where
    else:
        assert found.status == "ok", where
        assert f"{US}/{district}" in found.divisions, where


@real
def test_pitfall_05_water_that_only_a_house_district_reaches_says_so(country_app):
    found = at(43.0, -87.5)
    assert "no_state_district" in found.warnings
    assert "no_state_map" not in found.warnings


@real
def test_pitfall_05_point_on_a_real_line_asks_and_beside_it_says_so(country_app):
    pack = next(pack for pack in queries.active_packs() if pack.layer == "cd")
    areas = {ocd_id: shapely.from_wkb(bytes(wkb)) for ocd_id, wkb in queries.boundary_rows(pack.id, MN)}
    corners = [set(map(tuple, shapely.get_coordinates(areas[f"{MN}/cd:{number}"]).tolist())) for number in (3, 5)]
    shared = sorted(corners[0] & corners[1])
    assert len(shared) > 10
    for lng, lat in shared[3:-3:4]:
        found = at(lat, lng)
        assert found.status == "choose", (lat, lng)
        assert {f"{MN}/cd:3", f"{MN}/cd:5"} <= {option.division_ids[0] for option in found.options}
        assert house(found) == []
    lng, lat = shared[len(shared) // 2]
    beside = [at(lat + dlat, lng + dlng) for dlat in (-0.0002, 0.0002) for dlng in (-0.0002, 0.0002)]
    assert all("near_line" in found.warnings for found in beside if found.status == "ok")
    assert any(found.status == "ok" for found in beside)


HOSTILE = [
    ("-93.26", "44.97"),  # swapped: no latitude is beyond 90
    ("91", "0"),
    ("-91", "0"),
    ("0", "181"),
    ("NaN", "0"),
    ("44.97", "NaN"),
    ("Infinity", "0"),
    ("1e309", "0"),
    ("0x2c", "0"),
    ("44,97", "-93,26"),
    ("44.97; DROP TABLE boundary", "0"),
    ("٤٤.٩٧", "-93.26"),
    ("9" * 400, "0"),
    ("", "-93.26"),
]


@pytest.mark.parametrize(("lat", "lng"), HOSTILE)
def test_pitfall_05_point_that_is_none_is_422_with_its_field(app, client, lat, lng):
    answer = client.post("/representatives", json={"lat": lat, "lng": lng})
    assert answer.status_code == 422
    assert answer.json["field"] in {"lat", "lng"}
    assert client.post("/representatives", data={"lat": lat, "lng": lng}).status_code == 422


@pytest.mark.parametrize("body", ['{"lat": NaN, "lng": 0}', '{"lat": Infinity, "lng": 0}', '{"lat": true, "lng": [1]}'])
def test_pitfall_05_numbers_that_json_does_not_have_are_refused(app, client, body):
    answer = client.post("/representatives", data=body, content_type="application/json")
    assert answer.status_code == 422


@real
def test_pitfall_05_swapped_point_that_is_a_place_on_earth_is_outside_with_a_hint(country_app):
    found = at("44.97", "93.26")  # the minus was lost: China
    assert found.status == "not_found"
    assert "outside" in found.warnings


# --- 6: two maps -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loaded", "day", "status"),
    [
        (("119",), date(2027, 1, 2), "ok"),
        (("119",), date(2027, 1, 3), "need_address"),
        (("120",), date(2027, 1, 2), "need_address"),
        (("120",), date(2027, 1, 3), "ok"),
        (("119", "120"), date(2027, 1, 2), "ok"),
        (("119", "120"), date(2027, 1, 3), "ok"),
    ],
)
def test_pitfall_06_only_one_map_answers_for_its_own_days(run, tmp_path, loaded, day, status):
    """Without the map of a day nothing is guessed from the other one."""
    areas = made.write(tmp_path, "cd.geojson", made.districts("GA"))
    for congress in loaded:
        run("import", "boundaries", areas, "--layer", "cd", "--congress", congress)
    with uow.reading():
        found = at(30.2, -89.9, day)
    assert found.status == status
    assert ("no_district_data" in found.warnings) is (status != "ok")


# --- 12: imports -----------------------------------------------------------------------------------------------------


def test_pitfall_12_pack_with_a_tenth_fewer_seats_is_refused_of_every_kind(run, tmp_path):
    areas, less = made.districts(), made.districts()
    del less["features"][:3]
    rows = [f"GA,{30001 + number},1\n" for number in range(40)]
    head = "state_abbr,zcta,cd\n"
    codes = [f"sldl,{13001 + n},{US}/state:ga/sldl:{n + 1},1\n" for n in range(40)]
    top = "layer,geoid,ocd_division_id,num_seats\n"
    pairs = (
        ("congress", made.congress(), made.without(made.congress(), 4), ()),
        ("boundaries", areas, less, ("--layer", "cd")),
        ("zcta", head + "".join(rows), head + "".join(rows[4:]), ()),
        ("crosswalk", top + "".join(codes), top + "".join(codes[4:]), ()),
    )
    for kind, whole, part, options in pairs:
        ending = "csv" if isinstance(whole, str) else "json"
        run("import", kind, made.write(tmp_path, f"{kind}.{ending}", whole), *options)
        before = fingerprint()
        smaller = made.write(tmp_path, f"{kind}-less.{ending}", part)
        assert "seats are missing" in run("import", kind, smaller, *options, status=1)
        assert fingerprint() == before


def test_pitfall_12_broken_polygon_is_repaired_and_reported(run, tmp_path):
    areas = made.districts("GA")
    bow = [[[-90, 30], [-89.5, 30.5], [-89.5, 30], [-90, 30.5], [-90, 30]]]  # crosses itself
    areas["features"][0]["geometry"]["coordinates"] = bow
    assert "repaired: 1" in run("import", "boundaries", made.write(tmp_path, "cd.geojson", areas), "--layer", "cd")
    with uow.reading():
        assert f"{US}/state:ga/cd:1" in at(30.1, -89.98).divisions


def zipped(name, data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def test_i09_i11_pitfall_12_hostile_files_are_refused_by_the_command_and_leave_nothing(run, tmp_path, monkeypatch):
    monkeypatch.setattr("advocacy.civic.packs.files.MAX_PLAIN", 2**20)
    before = fingerprint()
    bomb = made.write(tmp_path, "bomb.zip", zipped("cd.shp", b"\0" * 2**22))
    assert "unpacks to more than" in run("import", "boundaries", bomb, "--layer", "cd", status=2)
    slip = made.write(tmp_path, "slip.zip", zipped("../../slip.shp", b"x"))
    assert "leads out of the archive" in run("import", "boundaries", slip, "--layer", "cd", status=2)
    for text in ("!!python/object/apply:os.system ['touch owned']", "a: &a [*a, *a]\nb: !!python/name:os.system ''"):
        run("import", "congress", made.write(tmp_path, "evil.yaml", text), status=2)
    deep = made.write(tmp_path, "deep.json", "[" * 100_000)
    run("import", "congress", deep, status=2)
    assert fingerprint() == before
    assert not (tmp_path / "owned").exists()
