"""Every recorded answer of a provider is parsed, or refused as its kind; wrong types name the field and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from advocacy.civic.adapters import census_geocoder, congress_gov, mapit, openstates
from advocacy.civic.adapters import openstates_bills as bills
from advocacy.civic.adapters import openstates_shapes as shapes
from advocacy.civic.adapters.ports import Divisions, NoSuchThing, Page, ProviderDataError
from advocacy.civic.models import Chamber, Layer
from tests.conftest import CIVIC_DATA

MARK = "planted-canary-7c1"
PARSERS: dict[str, Callable[[Any], Any]] = {
    "people": shapes.people_page,
    "auth": shapes.people_page,
    "bill-detail": bills.bill,
    "bills": bills.bills_page,
    "event-detail": bills.event,
    "events": bills.events_page,
    "committee-detail": shapes.committee,
    "committees": shapes.committees_page,
    "jurisdictions": shapes.jurisdictions_page,
    "jurisdiction-": shapes.jurisdiction,
}


def files(folder: str) -> list[str]:
    found = sorted(path.name for path in (CIVIC_DATA / folder).glob("*.json"))
    return [name for name in found if name != "openapi.json"] or ["none"]


def recorded(civic_data: Path, folder: str, name: str) -> Any:
    return json.loads((civic_data / folder / name).read_text(encoding="utf-8"))


def parser_of(name: str) -> Callable[[Any], Any]:
    return PARSERS[max((part for part in PARSERS if name.startswith(part)), key=len)]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in an answer a list or an object stands."""
    if isinstance(value, dict | list):
        if path:
            yield path
        parts = value.items() if isinstance(value, dict) else enumerate(value[:2])
        for key, part in parts:
            yield from leaves(part, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


@pytest.mark.parametrize("name", [name for name in files("openstates-responses") if not name.startswith("error")])
def test_every_good_answer_of_open_states_is_parsed(civic_data, name):
    body = recorded(civic_data, "openstates-responses", name)["response"]["json"]
    found = parser_of(name)(body)
    if isinstance(found, Page):
        assert len(found.items) == len(body["results"])
        assert all(item.key for item in found.items)
    else:
        assert found.key == body["id"]


@pytest.mark.parametrize("name", [name for name in files("openstates-responses") if name.startswith("error")])
def test_no_error_of_open_states_passes_for_an_answer(civic_data, name):
    body = recorded(civic_data, "openstates-responses", name)["response"]["json"]
    for parse in set(PARSERS.values()):
        with pytest.raises(ProviderDataError):
            parse(body)


@pytest.mark.parametrize("name", ["people-geo-minneapolis-includes.json", "bill-detail.json", "events-mn.json"])
def test_wrong_types_name_the_field_and_never_the_value(civic_data, name):
    body = recorded(civic_data, "openstates-responses", name)["response"]["json"]
    errors = [error for path in leaves(body) if (error := refusal(parser_of(name), replaced(body, path, MARK)))]
    assert len(errors) >= 3
    for error in errors:
        assert error.field
        assert MARK not in f"{error!r} {error} {error.field} {error.__cause__}"
        assert error.__context__ is None


def refusal(parse: Callable[[Any], Any], body: Any) -> ProviderDataError | None:
    try:
        parse(body)
    except ProviderDataError as error:
        return error
    return None


def people(civic_data: Path, name: str) -> Page[Any]:
    return shapes.people_page(recorded(civic_data, "openstates-responses", f"{name}.json")["response"]["json"])


def test_pitfall_07_ten_people_mean_that_some_may_be_missing(civic_data):
    cut = openstates.resolve(people(civic_data, "people-geo-nh-derry-multimember").items)
    assert len(cut.people) == 10
    assert not cut.is_complete
    assert openstates.resolve(people(civic_data, "people-geo-minneapolis").items).is_complete
    assert openstates.resolve(people(civic_data, "people-geo-ocean-empty").items) == Divisions((), (), is_complete=True)


def test_pitfall_07_ten_people_are_completed_from_the_known_divisions(civic_data):
    asked = []

    def ask(group, path, params):
        asked.append((path, params.get("district")))
        name = {
            None: "people-geo-nh-derry-multimember",
            "Rockingham 13": "people-nh-rockingham-13",
            "19": "people-nh-senate-19",
        }[params.get("district")]
        return recorded(civic_data, "openstates-responses", f"{name}.json")["response"]["json"]

    state = "ocd-division/country:us/state:nh"
    found = openstates.OpenStates(ask).people_at(42.88, -71.32, [f"{state}/sldl:rockingham_13", f"{state}/sldu:19"])
    assert len(found) == 14
    assert [path for path, _district in asked] == ["/people.geo", "/people", "/people"]
    assert {person.chamber for person in found} == {
        Chamber.US_SENATE,
        Chamber.US_HOUSE,
        Chamber.STATE_UPPER,
        Chamber.STATE_LOWER,
    }


def test_seats_that_are_not_looked_up_have_no_chamber(civic_data):
    council = [one for one in people(civic_data, "people-geo-dc").items if one.title == "Councilmember"]
    assert council
    assert {one.chamber for one in council} == {None}
    assert {one.chamber for one in people(civic_data, "people-mn-executive").items} == {None}
    nebraska = people(civic_data, "people-ne-unicameral-legislature").items
    assert {one.chamber for one in nebraska} == {Chamber.STATE_UPPER}


def test_pitfall_10_an_email_that_is_a_form_and_a_script_for_an_address(civic_data):
    body = recorded(civic_data, "openstates-responses", "people-by-id.json")["response"]["json"]
    senator, local = shapes.people_page(body).items
    assert (senator.email, senator.contact_form) == ("", "https://www.klobuchar.senate.gov/public/index.cfm/email-amy")
    assert local.email == "sen.bobby.champion@senate.mn"
    raw = body["results"][0] | {"image": "javascript:alert(1)", "email": "javascript:alert(1)"}
    raw["offices"] = [{"classification": "home", "address": "12 Private Road"}, {"classification": "den", "voice": "1"}]
    found = shapes.person(raw)
    assert (found.photo_url, found.email, found.contact_form, found.offices) == ("", "", "", ())


def test_pitfall_09_words_that_begin_like_a_bill_number():
    assert openstates.search_words("act 2025 housing") == "housing act 2025"
    assert openstates.search_words("HF 105") == "HF 105"
    assert openstates.search_words("hf105") == "hf105"
    assert openstates.search_words("clean water") == "clean water"
    assert openstates.search_words("act 5 be") == "act 5 be"


def test_pitfall_09_events_with_a_day_alone_an_offset_cancelled_and_deleted(civic_data):
    body = recorded(civic_data, "openstates-responses", "events-mn.json")["response"]["json"]
    found = bills.events_page(body).items
    assert "cancelled" in {event.status for event in found}
    raw = body["results"][0]
    assert bills.event(raw | {"start_date": "2026-03-01"}).all_day
    offset = bills.event(raw | {"start_date": "2026-03-01T09:00:00-06:00", "deleted": True})
    assert (offset.starts, offset.all_day, offset.is_deleted) == ("2026-03-01T09:00:00-06:00", False, True)
    asked = []

    def ask(group, path, params):
        asked.append(params["deleted"])
        results = [raw] if params["deleted"] == "true" else body["results"][1:]
        return {"results": results, "pagination": {"page": 1, "max_page": 1}}

    events = list(openstates.OpenStates(ask).events_after("mn", "2026-01-01T00:00:00+00:00"))
    assert asked == ["false", "true"]
    assert len(events) == len(body["results"])


def test_an_agenda_names_bills_with_and_without_a_key(civic_data):
    body = recorded(civic_data, "openstates-responses", "event-detail.json")["response"]["json"]
    body["agenda"][0]["related_entities"].append({"name": "SF 9", "entity_type": "bill"})
    found = bills.event(body)
    assert found.bills == (("ocd-bill/48215e0a-b3e3-4b99-9a98-b4f625fae3f5", "HF 101"), ("", "SF 9"))
    assert found.committees == ("Education Policy",)


def test_pitfall_08_a_page_past_the_end_a_moving_list_and_doubles(civic_data):
    first = recorded(civic_data, "openstates-responses", "bills-mn.json")["response"]["json"]
    second = recorded(civic_data, "openstates-responses", "bills-mn-page2.json")["response"]["json"]
    second["results"].insert(0, first["results"][-1])  # it moved over the edge of the page meanwhile
    pages = {1: first, 2: second}

    def ask(group, path, params):
        if params["page"] not in pages:
            raise NoSuchThing
        return pages[params["page"]] | {"pagination": {"page": params["page"], "max_page": 9}}

    found = list(openstates.OpenStates(ask).bills_since("mn", "2026-01-01"))
    assert len(found) == len(first["results"]) + len(second["results"]) - 1
    assert len({bill.key for bill in found}) == len(found)


def test_pitfall_05_swapped_and_broken_coordinates_never_leave_the_house():
    def ask(group, path, params):
        raise AssertionError

    source = openstates.OpenStates(ask)
    for lat, lng in [(-93.2, 44.9), (0, 0), (91, -93), (float("nan"), -93), (44.9, float("inf")), (44.9, -181)]:
        assert source.divisions_at(lat, lng) == Divisions(())
        assert mapit.MapIt(ask).divisions_at(lat, lng) == Divisions(())


# --- Census --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", files("census-geocoder-responses"))
def test_every_answer_of_the_census_is_parsed(civic_data, name):
    body = recorded(civic_data, "census-geocoder-responses", name)
    found = census_geocoder.parse_matches(body)
    assert len(found) == len(body["result"]["addressMatches"])
    assert all(24 < match.lat < 50 and -125 < match.lng < -66 for match in found)
    assert "lat=" not in repr(found)


@pytest.mark.parametrize(
    ("name", "houses"),
    [
        ("real-ny12", {119: "state:ny/cd:12"}),
        ("real-at-large-wy", {119: "state:wy/cd:at-large"}),
        ("real-delegate-dc", {119: "district:dc"}),
        ("constructed-120th-layer-only", {120: "state:tx/cd:10"}),
        ("constructed-both-congresses-no-cd119-field", {120: "state:tx/cd:10", 119: "state:tx/cd:37"}),
    ],
)
def test_pitfall_06_districts_by_pattern_and_geoid(civic_data, name, houses):
    (match,) = census_geocoder.parse_matches(recorded(civic_data, "census-geocoder-responses", f"{name}.json"))
    assert match.houses == {number: f"ocd-division/country:us/{tail}" for number, tail in houses.items()}


def test_pitfall_06_state_districts_and_water(civic_data):
    body = recorded(civic_data, "census-geocoder-responses", "constructed-all-layers-nh.json")
    (match,) = census_geocoder.parse_matches(body)
    assert match.codes == ((Layer.UPPER, "33020"), (Layer.LOWER, "33523"))
    layers = body["result"]["addressMatches"][0]["geographies"]
    layers["119th Congressional Districts"][0]["GEOID"] = "33ZZ"
    layers["2024 State Legislative Districts - Upper"][0]["GEOID"] = "33ZZZ"
    (match,) = census_geocoder.parse_matches(body)
    assert match.houses == {}
    assert match.codes == ((Layer.LOWER, "33523"),)


def test_the_vintage_is_pinned_to_the_congress_asked_about():
    assert census_geocoder.vintage(119) == "ACS2025_Current"
    assert census_geocoder.vintage(120) == "ACS2026_Current"
    assert census_geocoder.vintage(121) == "ACS2028_Current"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"error": {"code": 400, "message": MARK}}, "result"),
        ({"errors": [MARK], "status": "400"}, "result"),
        ([MARK], "(whole)"),
        ({"result": {"addressMatches": MARK}}, "result.addressMatches"),
        ({"result": {"addressMatches": [{"coordinates": {"x": MARK, "y": 1.0}}]}}, "result.addressMatches.0.coordinates.x"),
        ({"result": {"addressMatches": [{"coordinates": {"x": True, "y": 1.0}}]}}, "result.addressMatches.0.coordinates.x"),
        ({"result": {"addressMatches": [{"coordinates": {"x": 1e400, "y": 1.0}}]}}, "result.addressMatches.0.coordinates.x"),
        ({"result": {"addressMatches": [{"coordinates": {"x": 40.0, "y": -74.0}}]}}, "result.addressMatches.coordinates"),
        ({"result": {"addressMatches": [{"coordinates": {"x": -74.0, "y": 40.0}, "geographies": {MARK: 3}}]}},
         "result.addressMatches.0.geographies.*"),
    ],
)  # fmt: skip
def test_what_the_census_does_not_send_is_refused_by_field(body, field):
    with pytest.raises(ProviderDataError) as caught:
        census_geocoder.parse_matches(body)
    assert caught.value.field == field
    assert MARK not in str(caught.value)


# --- MapIt ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", files("mapit-responses"))
def test_every_answer_of_mapit_is_parsed_or_refused(civic_data, name):
    found = recorded(civic_data, "mapit-responses", name)
    body, status = found["response"]["json"], found["response"]["status"]
    parse = mapit.parse_postcode if "postcode" in name else mapit.parse_areas
    is_list = name.split(".")[0] in {
        "area-touches", "areas-names-prefix", "areas-type", "multiple-areas", "point", "point-no-areas",
        "point-type-filter",
    }  # fmt: skip
    if status == 200 and (is_list or name.startswith("postcode")):
        areas = parse(body)
        assert len(areas) == len(body.get("areas", {}) if name.startswith("postcode") else body)
    else:
        with pytest.raises(ProviderDataError):
            parse(body)


def test_the_constituency_of_a_postcode(civic_data):
    def ask(group, path, params):
        assert path == "/postcode/SW115RA"
        return recorded(civic_data, "mapit-responses", "postcode.json")["response"]["json"]

    found = mapit.MapIt(ask).postcode(" sw11  5ra")
    assert len(found.ids) == 1
    assert found.ids[0].startswith("ocd-division/country:gb/constituency:e14")
    for wrong in ("NOTAPOSTCODE", "../area/1", "SW1A 1AA/..", ""):
        with pytest.raises(NoSuchThing):
            mapit.MapIt(ask).postcode(wrong)


# --- Congress.gov: from its documented shapes ----------------------------------------------------------------------

MEMBER = {
    "bioguideId": "O000173",
    "state": "Minnesota",
    "partyName": "Democratic",
    "name": "Omar, Ilhan",
    "district": 5,
    "terms": {"item": [{"chamber": "House of Representatives", "startYear": 2019}]},
    "depiction": {"imageUrl": "https://www.congress.gov/img/member/o000173.jpg", "attribution": "x"},
    "updateDate": "2026-05-11T12:37:42Z",
}
BILL = {
    "congress": 119,
    "number": "1234",
    "type": "HR",
    "title": "Clean Water Act",
    "originChamber": "House",
    "latestAction": {"actionDate": "2026-03-02", "text": "Referred to the Committee."},
    "updateDate": "2026-03-03",
    "updateDateIncludingText": "2026-03-03T10:00:00Z",
}


def test_members_of_congress_by_seat():
    asked = []

    def ask(group, path, params):
        asked.append((path, params["currentMember"], params["limit"]))
        senator = MEMBER | {
            "bioguideId": "K000367",
            "name": "Klobuchar, Amy",
            "terms": {"item": [{"chamber": "Senate"}]},
        }
        del senator["district"]
        return {"members": [MEMBER, senator, MEMBER | {"state": "Atlantis"}], "pagination": {"count": 3}, "request": {}}

    source = congress_gov.CongressGov(ask, 119)
    (member,) = source.people("ocd-division/country:us/state:mn/cd:5")
    assert (member.name, member.chamber, member.bioguide) == ("Ilhan Omar", Chamber.US_HOUSE, "O000173")
    (senator,) = source.people("ocd-division/country:us/state:mn")
    assert (senator.family_name, senator.chamber) == ("Klobuchar", Chamber.US_SENATE)
    assert source.people("ocd-division/country:us/state:wy/cd:at-large") == ()
    assert asked == [
        ("/v3/member/congress/119/MN/5", "true", 250),
        ("/v3/member/MN", "true", 250),
        ("/v3/member/congress/119/WY/0", "true", 250),
    ]


def test_bills_of_congress_with_their_actions():
    actions = {"actions": [{"actionDate": "2026-03-02", "text": "Referred.", "type": "IntroReferral"}, {"actionDate": "2026-03-01", "text": "Introduced."}]}  # fmt: skip

    def ask(group, path, params):
        return actions if path.endswith("/actions") else {"bill": BILL}

    found = congress_gov.CongressGov(ask, 119).bill("HR", "1234")
    assert (found.key, found.identifier, found.latest_action_on) == ("119/hr/1234", "HR 1234", "2026-03-02")
    assert [action.text for action in found.actions] == ["Introduced.", "Referred."]
    with pytest.raises(NoSuchThing):
        congress_gov.CongressGov(ask, 119).bill("../member", "1")


def test_meetings_of_congress_pass_over_one_bad_record():
    def ask(group, path, params):
        if path.endswith("/119"):
            refs = [{"eventId": number, "chamber": "House"} for number in ("1", "2")]
            return {"committeeMeetings": refs, "pagination": {"count": 2}}
        if path.endswith("/1"):
            return {"committeeMeeting": {"eventId": "1", "date": 5}}
        meeting = {
            "eventId": "2",
            "date": "2026-12-01T15:00:00Z",
            "type": "Hearing",
            "title": "On water",
            "meetingStatus": "Rescheduled",
            "location": {"room": "2123", "building": "Rayburn"},
            "committees": [{"name": "Energy and Commerce", "systemCode": "hsif00"}],
            "relatedItems": {"bills": [{"congress": 119, "type": "HR", "number": "7"}]},
        }
        return {"committeeMeeting": meeting}

    (found,) = congress_gov.CongressGov(ask, 119).events_after("us", "2026-11-01T00:00:00Z")
    assert (found.status, found.place, found.bills) == ("rescheduled", "2123, Rayburn", (("119/hr/7", "HR 7"),))


@pytest.mark.parametrize("parse", [congress_gov.parse_members, congress_gov.parse_bills, congress_gov.parse_meeting, congress_gov.parse_bill])  # fmt: skip
def test_an_error_of_congress_gov_is_no_answer(parse):
    with pytest.raises(ProviderDataError):
        parse({"error": {"code": "API_KEY_INVALID", "message": MARK}})
