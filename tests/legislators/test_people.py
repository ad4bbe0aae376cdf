"""The public directory: searching, and one person with the origin of every fact."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from advocacy.civic.models import CivicCommittee, CivicCommitteeSeat, CivicPack, OfficeTerm, Official
from advocacy.civic.services.store import store
from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.legislators import rules
from advocacy.legislators.services import viewing
from tests.support.queries import count_queries

pytestmark = pytest.mark.settings(demo={"enabled": True})
KEY = "demo-harriet-lindqvist"


@pytest.fixture
def harriet(app, demo_state):
    """Change what the made-up pack says of her."""

    def change(*, term=None, **facts):
        with uow.unit():
            person = select(Official.id).where(Official.person_key == KEY).scalar_subquery()
            if facts:
                db.session.execute(update(Official).where(Official.person_key == KEY).values(**facts))
            if term:
                db.session.execute(update(OfficeTerm).where(OfficeTerm.official_id == person).values(**term))
            store().forget()
        with app.app_context():
            store().forget()

    return change


@pytest.fixture
def committee(demo_state):
    with uow.unit():
        pack = db.session.execute(select(Official.pack_id).where(Official.person_key == KEY)).scalar_one()
        db.session.execute(
            insert(CivicCommittee).values(
                pack_id=pack,
                committee_key="c1",
                name="Committee on Health and Care",
                chamber="upper",
                place="ZZ",
                url="javascript:alert(1)",
            )
        )
        db.session.execute(
            insert(CivicCommitteeSeat).values(pack_id=pack, committee_key="c1", person_key=KEY, title="Chair", rank=1)
        )


@pytest.mark.parametrize("query", ["name=lindq", "name=HARR+lind", "party=lake&chamber=us_senate", "committee=health"])
def test_directory_finds_by_parts_of_names_parties_and_committees(client, committee, query):
    page = client.get(f"/legislators?{query}").text
    assert "Harriet Lindqvist" in page
    assert "Obi Thistlewood" not in page


@pytest.mark.parametrize(
    "query", ["party=%25", "committee=_", "committee=%25", "name=%25", "party=zzz", "committee=zzz"]
)
def test_wildcards_are_letters_like_others(client, committee, query):
    assert "Nobody found" in client.get(f"/legislators?{query}").text


@pytest.mark.parametrize(
    "query", ["party=" + "x" * 41, "committee=" + "x" * 61, "party=a%00b", "committee=%e2%80%ae", "committee=%ff"]
)
def test_filters_that_cannot_be_are_422(client, demo_state, query):
    assert client.get(f"/legislators?{query}").status_code in {200, 422}
    assert client.get(f"/desk/legislators?{query}").status_code == 303


def test_names_are_found_without_their_accents(client, harriet):
    harriet(full_name="Álvaro Núñez", folded_name="alvaro nunez")
    for words in ("nunez", "NÚÑEZ", "alvar+nu", "A%CC%81lvaro"):
        assert "Álvaro Núñez" in client.get(f"/legislators?name={words}").text, words


def test_directory_without_packs_teaches(client):
    assert "Nobody is listed yet" in client.get("/legislators").text


def test_person_page_names_source_and_day_of_every_fact_and_loads_no_picture(client, harriet, committee):
    offices = [
        {
            "kind": "district",
            "city": "Millbrook",
            "address": "4 Mill Lane",
            "phone": "202-555-0170",
            "fax": "202-555-0171",
        },
        {"kind": "district-mail", "address": "Box 4", "hours": "9 to 4"},
    ]
    harriet(
        offices=offices,
        photo_url="https://pictures.example.org/h.jpg",
        social={"twitter": "harriet", "youtube": "h/../<x>"},
        email="harriet@example.org",
    )
    answer = client.get(f"/legislators/{KEY}")
    page = answer.text
    assert "pictures.example.org" not in page
    assert "Old: check it" not in page
    assert "<img" not in page
    assert 'class="initials" aria-hidden="true">HL<' in page
    facts = page.partition('<dl class="facts">')[2].partition("</dl>")[0]
    assert facts.count("Source: Demonstration data (made up)") == facts.count("<dt>") == 6
    for text in ("Millbrook", "Fax: 202-555-0171", "Hours: 9 to 4", "https://twitter.com/harriet", "Chair"):
        assert text in page
    assert "javascript:" not in page
    assert "youtube.com/h/" not in page
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:x",
        "data:text/html,x",
        "//evil.example",
        'https://e.example/"><b>',
        "file:///x",
    ],
)
def test_pitfall_10_no_address_but_http_renders_whatever_is_stored(client, harriet, url):
    """Refused at the import too; here the row itself is bad."""
    harriet(term={"contact_form": url, "url": url})
    page = client.get(f"/legislators/{KEY}").text
    assert url not in page
    assert "Web form</dt>" not in page
    assert "evil.example" not in page


def test_facts_say_when_they_are_old(client, harriet):
    with uow.unit():
        old = clock.now().date() - rules.STALE_AFTER - timedelta(days=1)
        db.session.execute(update(CivicPack).values(data_on=old))
    harriet()
    assert client.get(f"/legislators/{KEY}").text.count("Old: check it") >= 5
    today = date(2026, 11, 24)
    assert [rules.is_stale(day, today) for day in (None, today, today - rules.STALE_AFTER, date(2020, 1, 1))] == [
        True,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("Ada Quill", "AQ"), ("Cher", "C"), ("Ann-Marie O'Neil Jr.", "AJ"), ("李 明", "李明"), ("1 2", "")],
)
def test_initials_of_any_name(name, wanted):
    portrait = viewing.Portrait("k", name, "", "", "", (), (), ())
    assert portrait.initials == wanted


@pytest.mark.both_databases
@pytest.mark.parametrize("field", ["kind", "classification"])
@pytest.mark.parametrize("word", ["home", "Home", "HOME"])
def test_homes_are_refused_by_the_database_itself(app, demo_state, field, word):
    with uow.reading():
        pack = db.session.execute(select(CivicPack.id).limit(1)).scalar_one()
    columns = {"full_name": "A", "given_name": "A", "family_name": "B", "folded_name": "a b", "party": ""}
    wrong = [{"kind": "district", "address": "4 Mill Lane"}, {field: word, "address": "Secret Lane 1"}]
    with pytest.raises(DBAPIError), uow.unit():
        db.session.execute(update(Official).values(offices=wrong))
    with pytest.raises(DBAPIError), uow.unit():
        db.session.execute(insert(Official).values(pack_id=pack, person_key="x", offices=wrong, **columns))
    with uow.unit():
        db.session.execute(update(Official).values(offices=wrong[:1]))


def test_list_asks_as_often_for_one_person_as_for_eleven(client, demo_state):
    client.get("/legislators")
    with count_queries() as one:
        client.get("/legislators?name=lindqvist")
    with count_queries() as many:
        client.get("/legislators?state=ZZ")
    assert many.count == one.count


def test_person_page_tells_the_seats_held_before(client, harriet):
    state = "ocd-division/country:us/state:zz"
    harriet(
        past_terms=[
            {"division": f"{state}/cd:2", "chamber": "us_house", "starts_on": "2019-01-03", "ends_on": "2025-01-03"},
            {"division": f"{state}/sldl:1", "chamber": "state_lower", "starts_on": "2015-01-05"},
        ]
    )
    terms = client.get(f"/legislators/{KEY}").text.partition('id="terms"')[2].partition("</section>")[0]
    assert terms.count("<li>") == 3
    assert terms.index("U.S. Senator") < terms.index("U.S. Representative") < terms.index("State Representative")
    assert "Thursday, 3 January 2019 to Friday, 3 January 2025" in terms
