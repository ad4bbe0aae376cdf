"""Sources without recorded answers: their documented shapes, constructed here."""

from __future__ import annotations

import pytest

from advocacy.civic.adapters import google_civic, legiscan, represent, united_kingdom
from advocacy.civic.adapters.ports import NoSuchThing, ProviderDataError

MN = "ocd-division/country:us/state:mn"


def test_google_speaks_division_ids():
    body = {
        "normalizedInput": {"line1": "x", "city": "Minneapolis", "state": "MN", "zip": "55401"},
        "divisions": {
            "ocd-division/country:us": {"name": "United States"},
            MN: {"name": "Minnesota"},
            f"{MN}/cd:5": {"name": "5th", "alsoKnownAs": ["x"]},
            f"{MN}/sldl:59b": {"name": "59B"},
            f"{MN}/county:hennepin": {"name": "Hennepin"},
        },
    }
    (match,) = google_civic.parse_divisions(body)
    assert match.divisions == (MN, f"{MN}/cd:5", f"{MN}/sldl:59b")
    assert google_civic.parse_divisions({"divisions": {"ocd-division/country:us": {}}}) == ()
    for wrong in ({"error": {"code": 400}}, {"divisions": [1]}, {"divisions": {MN: "x"}}):
        with pytest.raises(ProviderDataError):
            google_civic.parse_divisions(wrong)


def test_represent_joins_both_lists_once():
    member = {
        "name": "Élise Tremblay",
        "elected_office": "MP",
        "district_name": "Ottawa Centre",
        "email": "e@parl.gc.ca",
        "photo_url": "javascript:alert(1)",
        "offices": [{"type": "legislature", "tel": "1 613 555-0100", "postal": "House of Commons"}],
    }
    body = {
        "code": "K1A0A6",
        "representatives_centroid": [member],
        "representatives_concordance": [member, member | {"name": "B"}],
    }

    def ask(group, path, params):
        return body if path.startswith("/postcodes/K1A0A6") else {"objects": [member], "meta": {}}

    found = represent.Represent(ask).postcode("k1a 0a6")
    assert [person.name for person in found] == ["Élise Tremblay", "B"]
    assert found[0].photo_url == ""
    assert len(represent.Represent(ask).people_at(45.4, -75.7)) == 1
    assert represent.Represent(ask).people_at(-75.7, 45.4) == ()
    with pytest.raises(NoSuchThing):
        represent.Represent(ask).postcode("../x")
    with pytest.raises(ProviderDataError):
        represent.parse_postcode({"error": "x"})


def test_the_united_kingdom_by_the_layer_of_a_year():
    body = {"status": 200, "result": {"codes": {"parliamentary_constituency_2024": "E14001530", "admin_ward": "x"}}}
    assert united_kingdom.parse_postcode(body).ids == ("ocd-division/country:gb/constituency:e14001530",)
    member = {"value": {"id": 7, "nameDisplayAs": "Ada Byron", "latestParty": {"name": "Labour"}}}
    search = {"totalResults": 2, "items": [
        {"value": {"id": 1, "name": "X", "currentRepresentation": {"member": member}}}, {"value": {"id": 2, "name": "Vacant"}},
    ]}  # fmt: skip
    (person,) = united_kingdom.Parliament(lambda group, path, params: search).postcode("sw1a 1aa")
    assert (person.key, person.name, person.party, person.district) == ("uk-7", "Ada Byron", "Labour", "X")
    with pytest.raises(NoSuchThing):
        united_kingdom.PostcodesIo(lambda group, path, params: body).postcode("X/../1")
    with pytest.raises(ProviderDataError):
        united_kingdom.parse_postcode({"status": 404, "error": "Postcode not found"})


def test_legiscan_asks_for_what_moved():
    asked = []
    bill = {
        "bill_id": 2, "state": "MN", "bill_number": "HF1", "title": "T", "session": {"session_name": "2026"},
        "history": [{"date": "2026-01-01", "action": "In"}, {"date": "2026-02-01", "action": "Out"}],
        "sponsors": [{"name": "A", "sponsor_type_id": 1}],
    }  # fmt: skip

    def ask(group, path, params):
        asked.append(params["op"])
        if params["op"] == "getBill":
            return {"status": "OK", "bill": bill}
        entries = {str(n): {"bill_id": n, "number": f"HF{n}", "change_hash": "b"} for n in (1, 2, 3)}
        return {"status": "OK", "masterlist": {"session": {"session_id": 1}, **entries}}

    (found,) = legiscan.LegiScan(ask).changed("mn", {1: "b", 2: "a"})
    assert (found.key, found.latest_action, len(found.actions)) == ("legiscan-2", "Out", 2)
    assert asked == ["getMasterListRaw", "getBill"]
    with pytest.raises(ProviderDataError):
        legiscan.parse_bill({"status": "ERROR", "alert": {"message": "Invalid API Key"}})
