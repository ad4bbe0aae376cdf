"""One person in two lists, fields from several sources, an editor's word over all of them."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import select

from advocacy.civic.models import Official
from advocacy.civic.services import health, lookup, merging
from advocacy.core import uow
from advocacy.core.actor import ANONYMOUS
from advocacy.core.db import db
from tests.civic.test_openstates import key, person, tree
from tests.factories import civic as made

DAY = date(2026, 11, 24)
GA = "ocd-division/country:us/state:ga"


def federal(number: int, district: str, **facts) -> dict:
    return person(number, district, email=f"m{number}@example.gov", **facts)


def house(number: int) -> list:
    with uow.reading():
        found = lookup.find(ANONYMOUS, division=f"{GA}/cd:{number}", on=DAY)
    return [official for official in found.officials if official.chamber == "us_house"]


def test_derived_key_is_the_one_open_states_uses():
    assert merging.derived_key("K000367") == "2722e0b1-650d-5f77-a348-f7f0d66aa3e2"


@pytest.mark.both_databases
def test_person_in_both_lists_is_one_by_id_never_by_name(run, tmp_path, client):
    run("import", "congress", made.write(tmp_path, "m.json", made.congress("GA")))
    by_bioguide = federal(1, "GA-1", other_identifiers=[{"scheme": "bioguide", "identifier": "T000000"}])
    by_derived = federal(2, "GA-2") | {"id": f"ocd-person/{merging.derived_key('T000001')}"}
    by_name = federal(3, "GA-3", family_name="Member2")
    output = run("import", "openstates", tree(tmp_path / "t", [by_bioguide, by_derived, by_name], code="us"))
    assert "1 of Congress seem to be in both lists" in output
    same = dict(
        tuple(row)
        for row in db.session.execute(
            select(Official.person_key, Official.same_as).where(Official.same_as.is_not(None))
        )
    )
    assert same == {key(1): "T000000", merging.derived_key("T000001"): "T000001"}
    uow.rollback()
    first, third = house(1), house(3)
    assert [(official.id, official.email) for official in first] == [("T000000", "m1@example.gov")]
    assert first[0].phone == "202-555-0100"  # the leading list's, not the other's
    assert [(name, source) for name, source, _on in first[0].taken][:1] == [
        ("email", "Members of Congress (Open States)")
    ]
    assert [(official.id, official.email) for official in third] == [("T000002", None)]
    listed = client.get("/legislators?state=GA&chamber=us_house").text
    assert listed.count("Núñez") == 0
    page = client.get(f"/legislators/{key(1)}")
    assert "Pat Member0" in page.text
    mail = page.text.partition("mailto:m1@example.gov")[2].partition("</div>")[0]
    assert "Source: Members of Congress (Open States)" in mail


def test_pitfall_04_member_in_one_source_only_and_newer_vacancy(run, tmp_path):
    entries = made.congress("GA")
    entries[1] = made.member(1, "GA", 2, start="2026-06-10")
    run("import", "congress", made.write(tmp_path, "m.json", entries[:4] + entries[5:]), "--as-of", "2026-06-15")
    vacancies = [{"chamber": "lower", "district": f"GA-{n}", "vacant_until": "2027-01-01"} for n in (1, 2)]
    tree(tmp_path / "t", [federal(5, "GA-5")], code="us", vacancies=vacancies)
    run("import", "openstates", tmp_path / "t", "--as-of", "2026-08-05")
    assert house(1) == []
    assert [official.id for official in house(2)] == ["T000001"]  # sworn in shortly before
    assert [official.id for official in house(5)] == [key(5)]
    with uow.reading():
        assert lookup.seats_for([f"{GA}/cd:1"], DAY)[0].status == "vacant"


def test_pin_of_an_editor_outlasts_every_import(run, tmp_path, client):
    source = made.write(tmp_path, "m.json", made.congress("GA"))
    run("import", "congress", source)
    run("pin", "T000000", "phone", "javascript:alert(1)", status=2)
    run("pin", "T000000", "url", "javascript:alert(1)", status=2)
    run("pin", "Z999999", "phone", "202-555-0177", status=1)
    run("pin", "T000000", "phone", "202-555-0177", "--note", "Asked the office")
    assert house(1)[0].phone == "202-555-0177"
    newer = made.congress("GA")
    newer[0]["terms"][-1]["phone"] = "202-555-0111"
    run("import", "congress", made.write(tmp_path, "n.json", newer))
    assert house(1)[0].phone == "202-555-0177"
    page = client.get("/legislators/T000000").text
    assert "202-555-0177" in page
    said = page.partition("<dt>Phone</dt>")[2].partition("</div>")[0]
    assert "Source: an editor of this site" in said
    assert "Pinned" in said
    run("pin", "T000000", "phone")
    assert house(1)[0].phone == "202-555-0111"


def test_committees_and_accounts_of_congress_are_taken(run, tmp_path, client):
    boards = [
        {
            "type": "house",
            "name": "House Committee on Tests",
            "thomas_id": "HSTE",
            "url": "javascript:x",
            "subcommittees": [{"name": "Fixtures", "thomas_id": "01"}],
        }
    ]
    seats = {
        "HSTE": [{"bioguide": "T000000", "title": "Chairman", "rank": 1}, {"bioguide": "X000001"}],
        "HSTE01": [{"bioguide": "T000000", "rank": 1}],
    }
    social = [{"id": {"bioguide": "T000000"}, "social": {"twitter": "member0", "facebook": "javascript:x"}}]
    files = [
        made.write(tmp_path, f"{n}.json", data) for n, data in enumerate((made.congress("GA"), boards, seats, social))
    ]
    assert "committees: 2" in run("import", "congress", *files)
    page = client.get("/legislators/T000000").text
    assert "House Committee on Tests" in page
    assert "Fixtures" in page
    assert "javascript" not in page
    assert house(1)[0].social == (("twitter", "member0"),)


@pytest.mark.civic_data
def test_real_files_of_congress_all_at_once(run, civic_data):
    folder = civic_data / "us-congress"
    names = ("current", "district-offices", "social-media")
    paths = [folder / f"legislators-{name}.json" for name in names]
    output = run(
        "import", "congress", *paths, folder / "committees-current.json", folder / "committee-membership-current.json"
    )
    assert "members: 537" in output
    output = run("import", "openstates", civic_data / "openstates-people/csv/us.csv")
    assert "members: 536" in output
    uow.rollback()
    same = db.session.scalars(select(Official.same_as).where(Official.same_as.is_not(None))).all()
    assert len(same) == len(set(same)) > 440
    assert json.dumps(same)


def test_doctor_says_how_old_each_kind_of_pack_is_in_one_line(run, tmp_path):
    run("import", "congress", made.write(tmp_path, "m.json", made.congress("GA")))
    for code in ("ga", "al"):
        run("import", "openstates", tree(tmp_path / code, [person(1)], code=code))
    with uow.reading():
        assert health.packs_in_use() == (True, "congress 0 d, openstates 0 d (2 packs)")
    run("import", "openstates", tree(tmp_path / "old", [person(2)], code="ga"), "--as-of", "2025-11-24", "--force")
    with uow.reading():
        fine, words = health.packs_in_use()
    assert not fine
    assert "openstates 365 d (2 packs)" in words
