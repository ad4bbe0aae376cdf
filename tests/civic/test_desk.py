"""The desk pages about packs."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from advocacy.accounts.models import UserSession
from advocacy.audit.models import AuditEvent
from advocacy.civic.models import CivicPack, PackState
from advocacy.civic.services import demo_pack, overview
from advocacy.civic.source_models import CivicConflict, PackSource
from advocacy.core import clock, uow
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotAllowed
from advocacy.core.settings import Civic
from tests.factories import civic as made
from tests.factories.accounts import csrf_token, make_user, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.support import stand_in
from tests.support.databases import PACK_URLS
from tests.support.queries import count_queries
from tests.support.work import run_due

PAGE = "/desk/civic"


@pytest.fixture
def operator(app, client):
    return sign_in(client, make_user(platform_admin=True))


@pytest.fixture
def upstream(app):
    """A server with a ZIP table, set as the only address."""
    with stand_in.serve() as found:
        urls = dict.fromkeys(("census_url", *PACK_URLS), "") | {"zip_table_url": f"{found.base_url}/zips.csv"}
        settings = app.extensions["advocacy.settings"]
        app.extensions["advocacy.settings"] = settings.model_copy(update={"civic": Civic(**urls)})
        found.files = {"/zips.csv": b"state_abbr,zcta,cd\nGA,30301,5\nGA,30302,6\n"}
        yield found


def pack_id(state=PackState.ACTIVE):
    with uow.reading():
        return db.session.execute(select(CivicPack.id).where(CivicPack.state == state)).scalars().first()


def post(client, path, **data):
    return client.post(path, data={"csrf_token": csrf_token(client), **data})


def test_z01_pages_of_packs_are_for_operators_only(app, client):
    sign_in(client, make_member(make_coalition(), "admin"))
    assert client.get(PAGE).status_code == 403
    assert post(client, f"{PAGE}/updates").status_code == 403
    with pytest.raises(NotAllowed), uow.reading():
        overview.feed_lines(Actor(user_id=1))


def test_c2_page_without_packs_says_what_to_do(operator):
    page = operator.get(PAGE).text
    assert "No packs yet" in page
    assert "No address is set" in page
    assert '<a href="/desk/civic"' in page  # in the menu


def test_c2_update_is_asked_for_on_the_page_and_done_by_the_worker(app, operator, upstream):
    page = operator.get(PAGE).text
    assert "Update everything now" in page
    answer = post(operator, f"{PAGE}/updates")
    assert answer.headers["Location"] == f"{PAGE}?done=update-asked"
    assert "1 file waits." in operator.get(PAGE).text
    run_due(app)
    page = operator.get(PAGE).text
    assert "ZIP codes and House districts of the 119th Congress" in page
    assert "Last fetch: taken in" in page
    page = operator.get(f"{PAGE}/packs/{pack_id()}").text
    for words in (f"{upstream.base_url}/zips.csv", "Public domain", "It was the first one.", "There is none."):
        assert words in page


def test_c2_page_says_why_a_pack_did_not_come(app, operator, upstream):
    upstream.mode = "server"
    post(operator, f"{PAGE}/updates", feed="zcta")
    run_due(app)
    page = operator.get(PAGE).text
    assert "What did not come" in page
    assert "an error of its own" in page
    assert post(operator, f"{PAGE}/updates", feed="nothing").status_code == 404


def test_c2_fetch_that_was_broken_off_is_shown_as_that(app, operator, upstream):
    with uow.unit():
        db.session.add(PackSource(name="zcta", validators={}, begun_at=clock.now() - timedelta(hours=1)))
    assert "Broken off" in operator.get(PAGE).text
    with uow.unit():
        db.session.get_one(PackSource, "zcta").begun_at = clock.now()
    assert "Being fetched now: ZIP codes." in operator.get(PAGE).text


def test_c2_page_shows_what_changed_and_the_way_back(run, tmp_path, operator):
    run("import", "congress", made.write(tmp_path, "a.json", made.congress()))
    newer = made.congress()
    newer[0] = made.member(900, "GA", 1)
    del newer[1]
    run("import", "congress", made.write(tmp_path, "b.json", newer))
    found = pack_id()
    page = operator.get(f"{PAGE}/packs/{found}").text
    assert "Georgia, district 2 (U.S. House)" in page
    assert "Georgia, district 1 (U.S. House): Pat Member900 in place of Pat Member0" in page
    answer = post(operator, f"{PAGE}/packs/{found}/rollback")
    assert answer.headers["Location"] == f"{PAGE}/packs/{pack_id()}?done=pack-rolled-back"
    assert pack_id() != found
    assert pack_id(PackState.PREVIOUS) == found
    assert operator.get(f"{PAGE}/packs/{found}").status_code == 404
    with uow.reading():
        event = db.session.execute(select(AuditEvent).where(AuditEvent.action == "civic.pack_rolled_back")).scalar_one()
        assert event.user_id is not None


def test_c2_going_back_asks_for_a_fresh_proof(run, tmp_path, operator):
    for name, content in (("a.json", made.congress()), ("b.json", made.without(made.congress(), 1))):
        run("import", "congress", made.write(tmp_path, name, content))
    with uow.unit():
        db.session.execute(update(UserSession).values(fresh_at=clock.now() - timedelta(minutes=11)))
    found = pack_id()
    answer = post(operator, f"{PAGE}/packs/{found}/rollback")
    assert answer.headers["Location"].startswith("/sign-in/again")
    assert pack_id() == found


def test_c2_ages_and_validity_have_badges(run, tmp_path, operator, move_clock):
    run("import", "congress", made.write(tmp_path, "a.json", made.congress()))
    areas = made.write(tmp_path, "cd.geojson", made.districts())
    run("import", "boundaries", areas, "--layer", "cd")
    run("import", "boundaries", areas, "--layer", "cd", "--congress", "120")
    assert operator.get(PAGE).text.count(">Fresh<") == 2
    assert operator.get(PAGE).text.count(">Not valid yet<") == 1
    move_clock(timedelta(days=60).total_seconds())
    sign_in(operator, make_user(platform_admin=True))
    page = operator.get(PAGE).text
    assert ">Getting old<" in page
    assert ">No longer valid<" in page


@pytest.mark.settings(demo={"enabled": True})
def test_c2_page_asks_the_database_the_same_for_one_and_for_many_packs(run, app, tmp_path, operator):
    with uow.unit():
        demo_pack.install()
    operator.get(PAGE)
    with count_queries() as few:
        operator.get(PAGE)
    for code in ("GA", "NC", "MN", "WI", "IA", "OH"):
        areas = made.districts(code)
        for number, feature in enumerate(areas["features"], start=1):
            fips = feature["properties"]["STATEFP"]
            feature["properties"] = {"STATEFP": fips, "SLDUST": f"{number:03}", "GEOID": f"{fips}{number:03}"}
        run("import", "boundaries", made.write(tmp_path, f"{code}.json", json.dumps(areas)), "--layer", "sldu")
    operator.get(PAGE)
    with count_queries() as many:
        page = operator.get(PAGE).text
    assert "Show all of them" in page
    assert many.count == few.count


@pytest.mark.settings(demo={"enabled": True})
def test_c2_demonstration_has_committees_a_pin_and_conflicts(app, operator):
    with uow.unit():
        demo_pack.install()
        demo_pack.disagree()
    assert "Committee on Health and Care" in operator.get("/legislators/demo-priya-ramanathan-oakes").text
    pins = operator.get(f"{PAGE}/pins").text
    assert "Obi Thistlewood" in pins
    assert "202-555-0188" in pins
    page = operator.get(f"{PAGE}/conflicts").text
    assert "Rosalind Delgado-Finch</a>: Website" in page
    assert "A source names another district than our map" in page
    with uow.reading():
        conflict = db.session.execute(select(CivicConflict.id)).scalar_one()
    assert post(operator, f"{PAGE}/conflicts", conflict=conflict, verdict="theirs").status_code == 303
    assert "https://example.org/new/rosalind" in operator.get("/legislators/demo-rosalind-delgado-finch").text


def test_c2_doctor_says_which_fetch_failed(app, operator, upstream):
    with uow.reading():
        assert overview.updates() == (True, "nothing was fetched yet")
    upstream.mode = "server"
    post(operator, f"{PAGE}/updates")
    run_due(app)
    with uow.reading():
        assert overview.updates() == (False, "zcta: an error of its own")
    assert "zcta: an error of its own" in operator.get("/desk/operations").text
    upstream.mode = "ok"
    post(operator, f"{PAGE}/updates")
    run_due(app)
    with uow.reading():
        assert overview.updates() == (True, "no fetch failed")
