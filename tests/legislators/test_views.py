"""The look-up page, its JSON, and the directory."""

from __future__ import annotations

import json

import pytest
from markupsafe import escape
from sqlalchemy import select

from advocacy.civic.services import demo_pack
from advocacy.core.db import db
from advocacy.core.settings import Civic
from advocacy.web.limits import Throttle
from tests.factories.campaigns import make_campaign
from tests.factories.coalitions import make_coalition
from tests.support import stand_in

JSON = {"Accept": "application/json"}
pytestmark = pytest.mark.settings(demo={"enabled": True})
BAD = [
    "",
    " ",
    "x" * 10_000,
    "a\x00b",
    "\ud800",
    "=HYPERLINK(1)",
    "=?utf-8?b?eA==?=",
    "<script>alert(1)</script>",
    "😀",
    [],
    ["55401"],
    {},
    {"a": {"b": [1]}},
    True,
    55401,
    1.5,
    -1,
    10**400,
    "NaN",
    "Infinity",
    "1e999",
    "-0x1",
    "\uff11\uff12\uff13\uff14\uff15",
    "' OR 1=1 --",
    "91",
    "200",
    "../../etc/passwd",
]


def ask(client, **body):
    return client.post("/representatives", json=body, headers=JSON)


def test_representatives_json_when_zip_is_plain_gives_people(client, demo_state):
    answer = ask(client, postal_code="99961")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.json
    assert found["status"] == "ok"
    assert found["precision"] == "zip"
    assert found["place"] == {"country": "US", "state": "ZZ", "town": "Riverbend"}
    assert [person["role"] for person in found["officials"]] == ["U.S. Representative", "U.S. Senator", "U.S. Senator"]
    assert found["officials"][0]["phone"].startswith("202-555-01")
    assert found["officials"][0]["contact_form"].startswith("https://example.org/")
    assert [warning["code"] for warning in found["warnings"]] == ["demonstration"]
    assert {seat["status"] for seat in found["seats"]} == {"filled"}
    assert found["sources"][0]["name"]
    assert found["as_of"]


def test_representatives_json_when_zip_is_split_asks_and_takes_the_token(client, demo_state):
    found = ask(client, postal_code=demo_pack.SPLIT_ZIP).json
    assert found["status"] == "choose"
    assert len(found["options"]) == 2
    assert all(person["chamber"] == "us_senate" for person in found["officials"])
    second = ask(client, choice=found["options"][1]["token"]).json
    assert second["status"] == "ok"
    assert second["divisions"][1] == found["options"][1]["divisions"][0]
    assert second["officials"][0]["chamber"] == "us_house"


def test_representatives_json_when_states_differ_shows_no_senators(client, demo_state):
    found = ask(client, postal_code=demo_pack.TWO_STATES_ZIP).json
    assert found["status"] == "choose"
    assert found["officials"] == []
    assert found["place"]["state"] is None


def test_representatives_json_when_seat_is_empty_says_so(client, demo_state):
    found = ask(client, postal_code=demo_pack.VACANT_ZIP).json
    assert found["status"] == "ok"
    assert ("us_house", "vacant") in {(seat["chamber"], seat["status"]) for seat in found["seats"]}


def test_representatives_json_of_a_point_names_state_chambers_and_every_member(client, demo_state):
    found = ask(client, lat=33, lng=-49).json
    assert found["status"] == "ok"
    lower = [person for person in found["officials"] if person["chamber"] == "state_lower"]
    assert len(lower) == 2


def test_representatives_json_outside_is_404_with_a_way_on(client, demo_state):
    answer = ask(client, lat=0, lng=0)
    assert answer.status_code == 404
    assert answer.json["status"] == "not_found"
    assert answer.json["choose_url"] == "/representatives/districts"


def test_representatives_form_fields_give_the_same_json(client, demo_state):
    answer = client.post("/representatives", data={"lat": "33", "lng": "-49"}, headers=JSON)
    assert answer.json == ask(client, lat=33, lng=-49).json


@pytest.mark.parametrize("field", ["postal_code", "lat", "lng", "choice", "address", "division", "on", "country"])
def test_representatives_with_bad_json_names_the_field(client, demo_state, field):
    for value in BAD:
        body = {"postal_code": "99961"} if field in {"on", "country"} else {}
        if field in {"lat", "lng"}:
            body = {"lat": 33, "lng": -49}
        body[field] = value
        answer = client.post("/representatives", data=json.dumps(body), content_type="application/json", headers=JSON)
        assert answer.status_code in {200, 404, 422}, (field, value)
        if answer.status_code == 422:
            named = answer.json["field"]
            assert named == (field if value != "" or field in {"lat", "lng"} else "postal_code"), (
                field,
                value,
                answer.json,
            )
            assert answer.json["message"]
        elif answer.status_code == 200 and field in {"choice", "division"}:
            assert value == "", (field, value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"1",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"lat": NaN, "lng": 1}',
        b'{"lat": 1e999, "lng": 1}',
        b'{"lat": ' + b"9" * 5000 + b', "lng": 1}',
        b'{"postal_code": "\\ud800"}',
    ],
)
def test_representatives_with_a_body_that_is_none_is_422(client, demo_state, body):
    answer = client.post("/representatives", data=body, content_type="application/json", headers=JSON)
    assert answer.status_code == 422
    assert answer.json["status"] == "invalid"
    assert answer.json["field"]


def test_representatives_form_with_bad_text_is_422_page_that_keeps_it_inert(client, demo_state):
    for value in BAD:
        if isinstance(value, str) and value != "\ud800":
            answer = client.post("/representatives", data={"postal_code": value})
            assert answer.status_code == 422, value
            assert "error-summary" in answer.text
            assert "<script>alert" not in answer.text
    assert client.post("/representatives", data={"postal_code": ["99961", "99962"]}).status_code == 422
    assert (
        client.post(
            "/representatives", data=b"postal_code=%ff%fe", content_type="application/x-www-form-urlencoded"
        ).status_code
        == 422
    )


def test_choice_after_half_an_hour_is_refused_and_says_so(client, demo_state, move_clock):
    token = ask(client, postal_code=demo_pack.SPLIT_ZIP).json["options"][0]["token"]
    move_clock(1790)
    assert ask(client, choice=token).status_code == 200
    move_clock(1900)
    answer = ask(client, choice=token)
    assert answer.status_code == 422
    assert answer.json["field"] == "choice"
    assert "30 minutes" in answer.json["message"]


def test_choice_that_was_changed_is_refused(client, demo_state):
    token = ask(client, postal_code=demo_pack.SPLIT_ZIP).json["options"][0]["token"]
    assert ask(client, choice="A" + token[1:]).status_code == 422


@pytest.mark.settings(limits={"representatives_network": 3})
def test_lookups_beyond_the_limit_of_a_network_are_429(client, demo_state):
    """Counted also when refused; another network is not touched."""
    for code in ("99961", "1234", "99962"):
        ask(client, postal_code=code)
    answer = ask(client, postal_code="99961")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    elsewhere = client.post(
        "/representatives", json={"postal_code": "99961"}, environ_base={"REMOTE_ADDR": "203.0.113.9"}
    )
    assert elsewhere.status_code == 200


@pytest.mark.settings(limits={"representatives_network": 0})
def test_limit_zero_is_off(client, demo_state):
    assert all(ask(client, postal_code="99961").status_code == 200 for _number in range(5))
    assert db.session.execute(select(Throttle.hit_count)).scalars().all() == []


def test_representatives_from_another_site_is_refused(client, demo_state):
    assert client.post("/representatives", json={}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_planted_address_stands_in_no_log_table_or_header(client, demo_state, capfd):
    """Section 8.11: a marker in every field is found nowhere afterwards."""
    marker = "Quetzalweg 4711"
    client.post("/representatives", data={"address": f"{marker}, Riverbend ZZ 99961"})
    client.post("/representatives", json={"address": f"{marker}, 99961"}, headers=JSON)
    ask(client, lat=33.12345678, lng=-49.12345678)
    output = "".join(capfd.readouterr())
    for planted in ("Quetzalweg", "4711", "33.1234", "49.1234", "99961"):
        assert planted not in output
    for table in db.metadata.sorted_tables:
        if table.name not in {"postal_division", "civic_pack"}:
            text = " ".join(repr(tuple(row)) for row in db.session.execute(table.select()))
            assert "Quetzalweg" not in text
            assert "33.1234" not in text


def test_result_page_has_call_and_write_buttons(client, demo_state):
    page = client.post("/representatives", data={"postal_code": "99961"}).text
    assert 'href="tel:202-555-0110"' in page
    assert 'href="https://example.org/write-to/rosalind-delgado-finch"' in page
    assert "Made up" in page


def test_result_page_says_that_a_seat_is_empty(client, demo_state):
    assert "This seat is empty" in client.post("/representatives", data={"postal_code": demo_pack.VACANT_ZIP}).text


def test_choose_page_offers_each_district_as_a_button(client, demo_state):
    page = client.post("/representatives", data={"postal_code": demo_pack.SPLIT_ZIP}).text
    assert page.count('name="choice"') == 2


def test_choosing_a_district_oneself_needs_no_place(client, demo_state):
    assert client.get("/representatives/districts").status_code == 200
    page = client.get("/representatives/districts?state=ZZ").text
    assert 'value="ocd-division/country:us/state:zz/cd:3"' in page
    assert "State house" in page
    answer = client.post("/representatives", data={"division": "ocd-division/country:us/state:zz/cd:2"})
    assert "Obi Thistlewood" in answer.text
    assert client.get("/representatives/districts?state=QQ").status_code == 404


def test_representatives_without_packs_still_says_what_is_certain(client):
    assert ask(client, postal_code="99827").json["status"] == "ok"
    found = ask(client, postal_code="55401").json
    assert found["status"] == "need_address"
    assert found["place"]["state"] == "MN"
    assert ask(client, lat=44.9, lng=-93.2).json["status"] == "need_address"
    assert client.get("/representatives").status_code == 200
    assert client.get("/legislators").status_code == 200


def test_directory_filters_and_finds(client, demo_state):
    page = client.get("/legislators?state=ZZ&chamber=us_senate").text
    assert "Harriet Lindqvist" in page
    assert "Obi Thistlewood" not in page
    assert "Harriet" in client.get("/legislators?name=LINDQVIST").text
    assert "Nobody found" in client.get("/legislators?name=zzzzqq").text


@pytest.mark.parametrize(
    "query", ["state=QQ", "chamber=x", "name=a%00b", "name=" + "x" * 200, "after=-1", "after=" + "9" * 40, "name=%ff"]
)
def test_directory_with_bad_filters_is_no_server_error(client, demo_state, query):
    assert client.get(f"/legislators?{query}").status_code in {200, 422}


@pytest.mark.parametrize("key", ["nobody-here", "a%00b", "x" * 300, "C000127", "..%2f", "%ff"])
def test_person_who_is_not_listed_is_404(client, demo_state, key):
    assert client.get(f"/legislators/{key}").status_code == 404


def test_person_page_shows_contact_and_term(client, demo_state):
    page = client.get("/legislators/demo-harriet-lindqvist").text
    assert "Harriet Lindqvist" in page
    assert "example.org" in page
    assert str(escape("Columbia (made up)")) in page


# --- streets: a geocoder outside -----------------------------------------------------------------------------------

STREET = "12 Plantedcanary Lane, Riverbend, ZZ 99961"


@pytest.fixture
def census(app, demo_state, monkeypatch):
    monkeypatch.setattr("advocacy.civic.adapters.census_geocoder.is_near_the_states", lambda lat, lng: True)
    match = {"coordinates": {"x": -49.0, "y": 33.0}, "geographies": {}}
    with stand_in.serve(lambda path, query: {"result": {"addressMatches": [match]}}) as found:
        settings = app.extensions["advocacy.settings"]
        app.extensions["advocacy.settings"] = settings.model_copy(update={"civic": Civic(census_url=found.base_url)})
        yield found


def test_representatives_by_street_name_every_chamber_and_keep_nothing(client, census):
    found = ask(client, address=STREET).json
    assert (found["status"], found["precision"]) == ("ok", "street")
    assert {person["chamber"] for person in found["officials"]} == {
        "us_house",
        "us_senate",
        "state_upper",
        "state_lower",
    }
    page = client.post("/representatives", data={"address": STREET, "postal_code": ""})
    assert page.status_code == 200
    assert "Plantedcanary" not in page.text
    assert "Set-Cookie" not in page.headers
    assert len(census.asked) == 1


def test_representatives_by_street_take_the_zip_of_its_own_field(client, census):
    found = client.post(
        "/representatives", data={"address": "12 Lane, Riverbend", "postal_code": "99961"}, headers=JSON
    ).json
    assert found["precision"] == "street"
    assert census.asked[0][1]["address"] == ["12 Lane, Riverbend, 99961"]


@pytest.mark.parametrize("mode", sorted(set(stand_in.MODES) - {"hang", "slow"}))
def test_r15_representatives_answer_whatever_the_geocoder_does(client, census, mode):
    census.mode = mode
    found = ask(client, address=STREET)
    assert (found.status_code, found.json["status"], found.json["precision"]) == (200, "ok", "zip")
    away = ask(client, address="12 Lane, Nowhere")
    assert (away.status_code, away.json["status"]) == (503, "unavailable")
    assert away.json["choose_url"] == "/representatives/districts"
    assert away.headers["Retry-After"]
    page = client.post("/representatives", data={"address": "12 Lane, Nowhere"})
    assert page.status_code == 503
    assert 'href="/representatives/districts' in page.text


def test_the_form_says_who_learns_of_an_address(client, census, app):
    assert "Census Bureau" in client.get("/representatives").text
    assert "Census Bureau" in client.get("/privacy").text
    civic = Civic(census_url=census.base_url, google_key="k")
    app.extensions["advocacy.settings"] = app.extensions["advocacy.settings"].model_copy(update={"civic": civic})
    assert "U.S. Census Bureau, or else Google." in app.test_client().post("/representatives", data={}).text


def test_the_form_says_that_nobody_learns_where_nothing_outside_is_asked(client, demo_state):
    assert "Census Bureau" not in client.get("/representatives").text
    assert "Census Bureau" not in client.get("/privacy").text


def test_a_street_is_counted_and_refused_like_any_look_up(client, census, app):
    settings = app.extensions["advocacy.settings"]
    limits = settings.limits.model_copy(update={"representatives_network": 1})
    app.extensions["advocacy.settings"] = settings.model_copy(update={"limits": limits})
    assert ask(client, address=STREET).status_code == 200
    assert ask(client, address="13 Lane, 99961").status_code == 429
    assert len(census.asked) == 1


def test_streets_of_a_campaign_beyond_its_share_go_by_zip_code(client, census, app):
    settings = app.extensions["advocacy.settings"]
    limits = settings.limits.model_copy(update={"representatives_campaign": 2})
    app.extensions["advocacy.settings"] = settings.model_copy(update={"limits": limits})

    coalition = make_coalition()
    for slug in ("beds", "other"):
        make_campaign(coalition, slug)

    def precision(number, **more):
        found = ask(client, address=f"{number} Lane, Riverbend, ZZ 99961", **more)
        assert found.status_code == 200
        return found.json["precision"]

    assert [precision(n, campaign="beds") for n in range(3)] == ["street", "street", "zip"]
    assert precision(9, campaign="other") == "street"
    assert precision(10) == "street"
    assert "street_unavailable" in {
        one["code"] for one in ask(client, address="11 Lane, 99961", campaign="beds").json["warnings"]
    }
    assert len(census.asked) == 4
    invented = [precision(20 + n, campaign=f"made-up-{n}") for n in range(3)]
    assert invented == ["street", "zip", "zip"]  # one of this share is used: names nobody has count as none
    draft = make_campaign(coalition, "draft", active=False)
    assert draft
    assert precision(30, campaign="draft") == "zip"


def test_day_and_campaign_go_along_from_form_to_choice_and_nothing_else_does(client, demo_state):
    page = client.get(
        "/representatives?on=2027-01-04&campaign=beds&postal_code=99961&lat=33.1&address=Plantedcanary"
    ).text
    assert page.count('name="on" value="2027-01-04"') == page.count('name="campaign" value="beds"') == 2
    assert "Plantedcanary" not in page
    assert 'value="33.1"' not in page
    assert 'value="99961"' not in page
    chosen = client.post(
        "/representatives", data={"postal_code": demo_pack.SPLIT_ZIP, "on": "2027-01-04", "campaign": "beds"}
    ).text
    assert chosen.count('name="on" value="2027-01-04"') >= 2
    odd = client.get('/representatives?on=tomorrow&campaign="><script>').text
    assert 'name="on"' not in odd
    assert 'name="campaign"' not in odd


def test_chamber_of_a_state_is_chosen_before_the_district(client, demo_state):
    page = client.get("/representatives/districts?state=ZZ&chamber=state_upper").text
    assert 'value="ocd-division/country:us/state:zz/sldu:1"' in page
    assert 'value="ocd-division/country:us/state:zz/cd:1"' not in page
    assert "chamber=us_house" in page
    assert client.get("/representatives/districts?state=ZZ&chamber=council").status_code == 404


def test_readiness_and_operations_tell_of_sources(client, census):
    census.mode = "minute"
    ask(client, address=STREET)
    line = client.get("/readyz").json["checks"]["civic_sources"]
    assert line["ok"]
    assert line["detail"].startswith("census: over its limit")
