"""The pitfalls of looking up, as a visitor meets them: over HTTP, on the packs of the whole country."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from advocacy.app import create_app
from advocacy.civic import rules
from advocacy.civic.models import Layer, PackKind
from advocacy.civic.packs import files
from advocacy.civic.places import PLACES
from advocacy.civic.services import importing, incoming
from advocacy.civic.services.store import store
from advocacy.core import uow
from advocacy.core.actor import Channel, system_actor
from advocacy.core.db import db
from tests.conftest import CIVIC_DATA
from tests.factories import civic as made
from tests.support import civic_packs, databases

JSON = {"Accept": "application/json"}
ON = "2026-11-24"
US = "ocd-division/country:us"


@pytest.fixture
def country(civic_data: Path) -> Iterator[FlaskClient]:
    url = civic_packs.whole_country(civic_data)
    app = create_app(databases.make_settings(url, limits={"representatives_network": 0}))
    with app.app_context():
        yield app.test_client()
        db.session.remove()
        db.engine.dispose()


def ask(client: FlaskClient, **body: object) -> dict:
    answer = client.post("/representatives", json={"on": ON, **body}, headers=JSON)
    assert answer.status_code in {200, 404, 422}
    found = answer.json
    assert found["choose_url"] == "/representatives/districts"
    return found


def ids(found: dict) -> list[str]:
    return [division["id"] for division in found["divisions"]]


def codes_by_options() -> dict[str, tuple[str, ...]]:
    with uow.reading():
        (pack,) = store().valid(PackKind.ZCTA, date.fromisoformat(ON))
        return {code: options for code, (options, _town) in store().postal(pack).items()}


@pytest.mark.civic_data
def test_pitfall_01_zip_in_two_and_six_districts_and_in_two_states_asks(country):
    options = codes_by_options()
    for count in (2, 6):
        code = next(code for code, found in options.items() if len(found) == count)
        found = ask(country, postal_code=code)
        assert (found["status"], len(found["options"])) == ("choose", count)
    code = next(code for code, found in options.items() if len({rules.state_id(one) for one in found}) == 2)
    found = ask(country, postal_code=code)
    assert found["status"] == "choose"
    assert found["officials"] == []  # no senators before the state is known
    chosen = ask(country, choice=found["options"][0]["token"])
    assert chosen["status"] == "ok"
    assert [person["chamber"] for person in chosen["officials"]] == ["us_house", "us_senate", "us_senate"]


@pytest.mark.civic_data
@pytest.mark.parametrize(
    ("code", "status", "warning", "state"),
    [
        ("55440", "need_address", "po_box", "MN"),
        ("09001", "need_address", "military", None),
        ("96350", "need_address", "military", None),
        ("20505", "need_address", "no_zip_area", "DC"),
        ("99999", "need_address", "unknown_zip", None),
        ("00000", "invalid", None, None),
        ("2101", "invalid", None, None),
    ],
)
def test_pitfall_01_codes_without_a_place_say_what_is_certain(country, code, status, warning, state):
    """PO box, APO, one building's own, unknown, nought, and the zero that a spreadsheet ate."""
    found = ask(country, postal_code=code)
    assert found["status"] in {status, "ok"} if state == "DC" else found["status"] == status
    if status != "invalid":
        assert found["place"]["state"] == state
        assert found["status"] == "ok" or warning in {one["code"] for one in found["warnings"]}
        assert all(person["chamber"] == "us_senate" for person in found["officials"] if state == "MN")
    else:
        assert found["field"] == "postal_code"
    page = country.post("/representatives", data={"postal_code": code})
    assert "/representatives/districts" in page.text


@pytest.mark.civic_data
def test_pitfall_01_zip_plus_four_is_cut(country):
    for given in ("04401-1234", "04401 1234", " 04401 "):
        assert ids(ask(country, postal_code=given)) == ids(ask(country, postal_code="04401")) != []


@pytest.mark.civic_data
def test_pitfall_02_delegates_at_large_and_no_senators(country):
    for code in ("AK", "DE", "ND", "SD", "VT", "WY"):
        found = ask(country, division=f"{US}/state:{code.lower()}/cd:1")
        assert ids(found)[-1] == f"{US}/state:{code.lower()}/cd:at-large"
        assert [one["role"] for one in found["officials"]][:1] == ["U.S. Representative"]
    for place in [place for place in PLACES if place.kind != "state"]:
        found = ask(country, division=place.ocd_id)
        roles = {seat["role"] for seat in found["seats"] if seat["chamber"].startswith("us_")}
        wanted = "Resident Commissioner" if place.code == "PR" else "Delegate to the U.S. House"
        assert roles == {wanted}, place


def test_pitfall_02_resident_commissioner_sits_four_years(app: Flask, client, tmp_path):
    people = [made.member(99, "PR", 0, start="2025-01-03", end="2029-01-03"), *made.congress("WY")]
    with uow.unit():
        pack = incoming.congress_pack([files.read(made.write(tmp_path, "pr.json", people))], date(2026, 11, 24))
        importing.import_pack(system_actor(Channel.COMMAND), pack)
    store().forget()
    for day, sits in (("2027-01-02", True), ("2027-01-04", True), ("2029-01-04", False)):
        found = ask(client, division=f"{US}/territory:pr", on=day)
        assert [one["role"] for one in found["officials"]] == (["Resident Commissioner"] if sits else []), day


@pytest.mark.civic_data
def test_pitfall_03_state_chambers_of_every_make(country):
    def people(tail: str) -> list[dict]:
        found = ask(country, division=f"{US}/{tail}")
        assert found["status"] == "ok"
        return [one for one in found["officials"] if one["division_id"] == f"{US}/{tail}"]

    assert len(people("state:ne/sldu:1")) == 1
    assert {one["chamber"] for one in people("district:dc/ward:1")} == {"council"}
    assert len(people("state:nh/sldl:rockingham_13")) == 10
    for tail in ("state:az/sldl:1", "state:wa/sldl:1", "state:nj/sldl:1", "state:id/sldl:27"):
        assert len(people(tail)) == 2, tail
    assert [seat["seats"] for seat in ask(country, division=f"{US}/state:vt/sldl:addison-1")["seats"]][-1] == 2
    for tail in ("state:ak/sldu:g", "state:mn/sldl:34a", "state:md/sldl:37b", "state:ma/sldu:1st_middlesex"):
        assert people(tail), tail
    floterial = ask(country, lat=43.5, lng=-71.45)
    assert "floterial" in {one["code"] for one in floterial["warnings"]}
    assert people("state:nh/sldl:belknap_8")  # by hand


@pytest.mark.civic_data
@pytest.mark.parametrize(
    ("lat", "lng", "status"),
    [
        (44.97, -93.26, "ok"),
        (41.28, -70.1, "ok"),  # on an island
        (41.9, -87.3, None),  # in Lake Michigan: nowhere, or the shore within its distance
        (-93.26, 44.97, "invalid"),  # swapped
        (0, 0, "not_found"),
        (91, 0, "invalid"),
        ("NaN", 0, "invalid"),
        ("44.97", "", "invalid"),
    ],
)
def test_pitfall_05_points_at_the_edge_or_nowhere(country, lat, lng, status):
    found = ask(country, lat=lat, lng=lng)
    assert found["status"] == status or (status is None and found["status"] in {"ok", "not_found"})
    if status == "invalid":
        assert found["field"] in {"lat", "lng"}


@pytest.mark.settings(demo={"enabled": True})
def test_pitfall_05_point_on_a_line_asks_and_near_one_says_so(client, demo_state):
    on_it = client.post("/representatives", json={"lat": 33.0, "lng": -48.0}, headers=JSON).json
    near = client.post("/representatives", json={"lat": 33.0, "lng": -48.0003}, headers=JSON).json
    assert on_it["status"] == "choose"
    assert (near["status"], "near_line" in {one["code"] for one in near["warnings"]}) == ("ok", True)
    assert "about 50 meters" in client.post("/representatives", data={"lat": "33.0", "lng": "-48.0003"}).text


def _odd_people(tmp_path: Path) -> Path:
    people = made.congress("WY")
    names = [
        {
            "first": "Zoë",
            "last": "Álvarez-Ōkubo",
            "suffix": "Jr.",
            "nickname": "Zo",
            "official_full": "Zoë Álvarez-Ōkubo",
        },
        {"first": "<b>Pat</b>", "last": "O'Neil", "official_full": "<b>Pat</b> O'Neil"},
    ]
    for person, name in zip(people, names, strict=False):
        person["name"] = name
    people[0]["terms"][-1] |= {
        "party": "P" * 41,
        "url": "javascript:alert(1)",
        "contact_form": "JaVaScRiPt:alert(document.cookie)",
    }
    people[1]["terms"][-1] |= {
        "url": "data:text/html,<script>alert(1)</script>",
        "contact_form": "//evil.example.net/x",
    }
    return made.write(tmp_path, "odd.json", people)


def test_pitfall_10_odd_names_parties_and_addresses_are_shown_safely(app: Flask, client, tmp_path):
    with uow.unit():
        pack = incoming.congress_pack([files.read(_odd_people(tmp_path))], date(2026, 11, 24))
        importing.import_pack(system_actor(Channel.COMMAND), pack)
    store().forget()
    page = client.post("/representatives", data={"postal_code": "82001"}).text
    found = client.post("/representatives", data={"postal_code": "82001"}, headers=JSON)
    for text in (page, client.get("/legislators?name=alvarez").text):
        assert "Álvarez-Ōkubo" in text
        assert "<b>Pat" not in text
    assert "P" * 41 in page
    for text in (page, found.text):
        for wrong in ("javascript:", "data:text/html", "evil.example.net", "alert(1)"):
            assert wrong not in text.lower()


def _two_maps(tmp_path: Path) -> None:
    """Georgia today, and with every district one further to the west from the third of January on; all members stay."""
    shifted = made.districts("GA")
    for feature in shifted["features"]:
        feature["properties"]["CD120FP"] = feature["properties"].pop("CD119FP")
        for ring in feature["geometry"]["coordinates"]:
            for corner in ring:
                corner[0] -= made.SQUARE
    elected = made.congress("GA")
    for person in elected:
        person["terms"][-1] |= {"start": "2027-01-03", "end": "2029-01-03"}
    with uow.unit():
        for pack in (
            incoming.boundary_pack(files.read(made.write(tmp_path, "119.geojson", made.districts("GA"))), Layer.HOUSE),
            incoming.boundary_pack(files.read(made.write(tmp_path, "120.geojson", shifted)), Layer.HOUSE),
            incoming.congress_pack(
                [files.read(made.write(tmp_path, "n.json", made.congress("GA")))], date(2026, 11, 24)
            ),
            incoming.congress_pack([files.read(made.write(tmp_path, "m.json", elected))], date(2026, 11, 24), 120),
        ):
            importing.import_pack(system_actor(Channel.COMMAND), pack)
    store().forget()


def test_pitfall_06_page_shows_both_members_with_the_day_until_the_map_has_changed(app: Flask, client, tmp_path):
    _two_maps(tmp_path)
    place = {"lat": "30.2", "lng": "-87.9"}
    before = client.post("/representatives", data={**place, "on": "2027-01-02"})
    assert before.status_code == 200
    present, _heading, later = before.text.partition('id="next-people"')
    assert "Member4" in present.partition('id="people"')[2]  # the fifth district's
    assert "Member5" in later
    assert "From Sunday, 3 January 2027" in later
    after = client.post("/representatives", data={**place, "on": "2027-01-04"}).text
    assert 'id="next-people"' not in after
    assert "Member5" in after
    assert "Member4" not in after


# --- W-10, I-06, I-11 ----------------------------------------------------------------------------------------------


@pytest.mark.settings(demo={"enabled": True})
@pytest.mark.parametrize(
    "target", ["https://evil.example.net", "//evil.example.net", "/\\evil.example.net", "javascript:1"]
)
def test_w10_no_look_up_leads_to_another_site(client, demo_state, target):
    for name in ("next", "return_to", "url", "campaign", "on", "choose_url"):
        report = client.post(f"/representatives/report?{name}={target}", data={"reason": "left", name: target})
        assert report.headers["Location"] == "/representatives?done=report-kept"
        look_up = client.post("/representatives", data={"postal_code": "99961", name: target})
        assert "Location" not in look_up.headers
        assert "evil.example.net" not in look_up.text
        assert "evil.example.net" not in client.get("/representatives", query_string={name: target}).text


@pytest.mark.settings(demo={"enabled": True}, civic={"census_url": "https://metadata.internal.example"})
@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "100.64.0.1", "::ffff:10.0.0.1"]
)
def test_i06_geocoder_that_leads_home_is_never_called(client, demo_state, monkeypatch, address):
    reached: list[object] = []
    monkeypatch.setattr("advocacy.core.http_pins._resolve", lambda host, port, wait: [address])
    monkeypatch.setattr("advocacy.core.http_pins.create_connection", lambda *args, **more: reached.append(args))
    found = client.post("/representatives", json={"address": "12 Lane, Riverbend, ZZ 99961"}, headers=JSON)
    assert (found.status_code, found.json["precision"]) == (200, "zip")
    assert "street_unavailable" in {one["code"] for one in found.json["warnings"]}
    assert reached == []


@pytest.mark.settings(demo={"enabled": True})
@pytest.mark.parametrize(
    "body",
    [
        '{"postal_code":' * 50_000,
        "[" * 100_000,
        '{"address": ' + "[" * 90_000 + "]" * 90_000 + "}",
        '{"lat": ' + "9" * 90_000 + "}",
    ],
    ids=["objects", "lists", "nested", "number"],
)
def test_i11_json_that_is_deep_or_huge_is_422(client, demo_state, body):
    answer = client.post("/representatives", data=body, content_type="application/json", headers=JSON)
    assert answer.status_code in {413, 422}
    assert "Traceback" not in answer.text


@pytest.mark.civic_data
def test_pitfall_06_the_same_64_look_ups_on_both_sides_of_the_third_of_january(country):
    """With one map loaded, the day before gives what today gives; the day after says that it has no districts yet."""
    points = json.loads((CIVIC_DATA / "golden/us-points.json").read_text(encoding="utf-8"))[:64]
    for point in points:
        place = {"lat": point["lat"], "lng": point["lng"]}
        today, before, after = (ask(country, **place, on=day) for day in (ON, "2027-01-02", "2027-01-04"))
        assert ids(before) == ids(today)
        assert [one["id"] for one in before["officials"] if one["chamber"].startswith("us_")] == [
            one["id"] for one in today["officials"] if one["chamber"].startswith("us_")
        ]
        assert point["divisions"]["cd"] in ids(before)
        assert after["status"] == "need_address"
        assert after["officials"] == [] or all(one["chamber"] != "us_house" for one in after["officials"])
