"""Who sits where by a source's word of today: asked by division, kept for a day, old but dated while it fails."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from advocacy.civic.services import answer_cache, freshness
from advocacy.core import clock, uow
from advocacy.core.settings import Civic
from tests.conftest import CIVIC_DATA
from tests.support import stand_in
from tests.support.work import run_due

HOUSE = "ocd-division/country:us/state:mn/sldl:59b"
CONGRESS = "ocd-division/country:us/state:mn/cd:5"
DAY = timedelta(days=1).total_seconds()
pytestmark = pytest.mark.civic_data


def recorded(name):
    file = CIVIC_DATA / "openstates-responses" / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8"))["response"]["json"]


@pytest.fixture
def source(app, civic_data):
    """What was recorded of Minnesota; one page of each list."""
    person = next(one for one in recorded("people-mn-lower-50-offices")["results"])

    def answer(path, query):
        if path == "/people":
            seat = {"district": query["district"][0], "division_id": HOUSE, "org_classification": "lower"}
            one = person | {"current_role": person["current_role"] | seat}
            return {"results": [one], "pagination": {"per_page": 50, "page": 1, "max_page": 1, "total_items": 1}}
        body = recorded("committees-mn-lower-members")
        return body | {"pagination": body["pagination"] | {"max_page": 1}}

    with stand_in.serve(answer) as found:
        settings = app.extensions["advocacy.settings"]
        civic = Civic(census_url="", openstates_url=found.base_url, openstates_key="k", openstates_minute=1000)
        app.extensions["advocacy.settings"] = settings.model_copy(update={"civic": civic})
        yield found


def ask(app, division=HOUSE):
    with uow.unit():
        asked = freshness.ask(division)
    run_due(app)
    return asked


def said(division=HOUSE):
    with uow.reading():
        return freshness.people_of(division)


def test_division_is_asked_and_nobodys_point_leaves_the_house(app, source):
    assert said() is None
    assert ask(app)
    assert sorted(source.paths()) == ["/committees", "/people"]
    assert all("lat" not in query for _path, query in source.asked)
    found = said()
    assert found.value["people"][0]["name"]
    assert set(found.value["people"][0]) == {"key", "name", "party"}
    assert found.is_fresh
    with uow.reading():
        assert freshness.committees_of("mn").value["committees"][0]["members"]


@pytest.mark.both_databases
def test_answer_is_fresh_for_a_day_and_renewed_in_the_background(app, source, move_clock):
    ask(app)
    assert not ask(app)
    assert len(source.asked) == 2
    move_clock(DAY + 60)
    assert not said().is_fresh
    with uow.reading():
        assert freshness.is_any_stale()
    with uow.unit():
        freshness.renew({})
    run_due(app)
    assert len(source.asked) == 4
    assert said().is_fresh


def test_old_answer_stands_with_its_date_while_the_source_fails_and_ends_after_thirty_days(app, source, move_clock):
    ask(app)
    at = said().at
    source.mode = "server"
    move_clock(3 * DAY)
    ask(app)
    assert (said().at, said().is_old) == (at, True)
    move_clock(answer_cache.KEEP.total_seconds() + 60)
    assert said() is None


def test_nobody_is_asked_for_ever(app, source, move_clock):
    ask(app)
    move_clock(8 * DAY)
    with uow.reading():
        assert not freshness.is_any_stale()


def test_of_congress_only_people_are_asked_for(app, source):
    ask(app, CONGRESS)
    assert source.paths() == ["/people"]
    assert said(CONGRESS).value["people"] == [], "what is said of another division is no answer"
    with uow.reading():
        assert clock.now() - said(CONGRESS).at < timedelta(minutes=1)


def test_made_up_places_are_never_asked_for(app, source):
    with uow.reading():
        assert not freshness.can_ask("ocd-division/country:us/state:zz/cd:1")
        assert freshness.can_ask(HOUSE)
