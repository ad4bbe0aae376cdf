"""Hearings that a source announces, moves, cancels or forgets."""

from __future__ import annotations

from datetime import date, time

import pytest
from sqlalchemy import select

from advocacy.core import uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict
from advocacy.hearings import queries as hearings
from advocacy.hearings.models import HearingRev
from advocacy.hearings.services import placing
from advocacy.tracking.services import settling
from tests.factories.tracking import make_hearing, track, waiting
from tests.support.legislature import bill, event
from tests.support.work import run_due
from tests.tracking.hearings import accept_all, calendar, in_days
from tests.tracking.rounds import poll, round_of

pytestmark = pytest.mark.civic_data


@pytest.fixture
def tracked(app, states, mn, coalition_id):
    mn.bills = [bill()]
    found = track(coalition_id)
    run_due(app)
    states.asked.clear()
    return found


@pytest.fixture
def announced(app, mn, tracked):
    """A hearing of the tracked bill, on our calendar."""
    mn.events = [event(1, in_days(20), bill())]
    round_of(app, "events")
    accept_all(tracked.coalition_id)
    return tracked


def news(coalition_id):
    return [(row.kind, row.facts["on"], row.facts["at"]) for row in waiting(coalition_id)]


def test_pitfall_09_event_with_offset_stands_in_the_capitols_own_time(app, states, mn, tracked):
    mn.events = [event(1, "2027-03-10T00:30:00+00:00", bill()), event(2, in_days(9), bill(999))]
    round_of(app, "events")
    assert [query.get("deleted") for _path, query in states.asked] == [["false"], ["true"]]
    assert {query["require_bills"][0] for _path, query in states.asked} == {"true"}
    (row,) = waiting(tracked.coalition_id)
    assert row.kind == "hearing_new"
    assert (row.facts["on"], row.facts["at"], row.facts["tz"]) == ("2027-03-09", "18:30", "America/Chicago")
    accept_all(tracked.coalition_id)
    (held,) = calendar()
    assert (held.held_on, held.local_time, held.state) == (date(2027, 3, 9), time(18, 30), "confirmed")
    assert held.starts_at.isoformat() == "2027-03-10T00:30:00+00:00"
    assert (held.committee, held.place, held.source_name) == ("Health", "Room G-23", "Open States")


def test_pitfall_09_event_with_a_day_only_stays_a_day(app, mn, tracked):
    mn.events = [event(1, "2027-03-10", bill(), all_day=True)]
    round_of(app, "events")
    accept_all(tracked.coalition_id)
    (held,) = calendar()
    assert (held.held_on, held.local_time, held.starts_at) == (date(2027, 3, 10), None, None)


def test_pitfall_09_event_that_names_a_bill_by_number_only_is_found(app, mn, tracked):
    mn.events = [event(1, in_days(9), "HF0105"), event(2, in_days(9), "HF 1050")]
    round_of(app, "events")
    assert [row.upstream_key[-3:] for row in waiting(tracked.coalition_id)] == ["001"]


def test_pitfall_09_cancelled_event_is_suggested_as_cancelled(app, mn, announced):
    mn.events[0]["status"] = "cancelled"
    round_of(app, "events")
    assert [row.kind for row in waiting(announced.coalition_id)] == ["hearing_cancelled"]
    accept_all(announced.coalition_id)
    assert calendar()[0].state == "cancelled"
    round_of(app, "events")
    assert waiting(announced.coalition_id) == []


def test_pitfall_09_deleted_event_is_noticed_by_the_second_question(app, mn, announced):
    mn.events[0]["deleted"] = True
    round_of(app, "events")
    assert [row.kind for row in waiting(announced.coalition_id)] == ["hearing_cancelled"]


@pytest.mark.parametrize("is_known", [True, False])
def test_pitfall_09_event_in_no_list_is_looked_up_by_itself(app, states, mn, announced, is_known):
    (kept,) = mn.events
    kept["agenda"], kept["start_date"] = [], in_days(21)
    mn.events = []
    states.answer = lambda path, query: kept if is_known and path.startswith("/events/") else mn(path, query)
    round_of(app, "events")
    assert states.paths()[-1] == f"/events/{kept['id']}"
    assert [row.kind for row in waiting(announced.coalition_id)] == [
        "hearing_moved" if is_known else "hearing_cancelled"
    ]


@pytest.mark.both_databases
def test_pitfall_09_moved_event_shows_old_and_new_and_keeps_every_revision(app, mn, announced):
    mn.events[0] |= {"start_date": in_days(23), "location": {"name": "Room 5", "url": ""}}
    round_of(app, "events")
    (row,) = waiting(announced.coalition_id)
    assert row.kind == "hearing_moved"
    assert row.facts["was"]["on"] == in_days(20)[:10]
    assert (row.facts["on"], row.facts["place"]) == (in_days(23)[:10], "Room 5")
    accept_all(announced.coalition_id)
    (held,) = calendar()
    assert (held.rev, held.held_on.isoformat()) == (2, in_days(23)[:10])
    with uow.reading():
        kept = db.session.execute(select(HearingRev.held_on).order_by(HearingRev.rev)).scalars().all()
    assert [day.isoformat() for day in kept] == [in_days(20)[:10], in_days(23)[:10]]


def test_move_that_was_dismissed_is_not_suggested_again_but_another_one_is(app, mn, announced):
    mn.events[0]["start_date"] = in_days(23)
    round_of(app, "events")
    (row,) = waiting(announced.coalition_id)
    with uow.unit():
        actor = system_actor(coalition_id=announced.coalition_id)
        settling.dismiss_change(actor, row.public_id, version=row.version)
    round_of(app, "events")
    assert waiting(announced.coalition_id) == []
    mn.events[0]["start_date"] = in_days(24)
    round_of(app, "events")
    assert [one[1] for one in news(announced.coalition_id)] == [in_days(24)[:10]]


@pytest.mark.both_databases
def test_move_that_goes_back_and_comes_again_is_open_again(app, mn, announced):
    there, back = in_days(23), in_days(20)
    for day in (there, back, there):
        mn.events[0]["start_date"] = day
        round_of(app, "events")
        assert len(waiting(announced.coalition_id)) == (day == there)
    accept_all(announced.coalition_id)
    mn.events[0]["start_date"] = back  # a move back is a move
    round_of(app, "events")
    assert [one[1] for one in news(announced.coalition_id)] == [back[:10]]


def test_second_move_takes_the_place_of_the_first_that_nobody_decided(app, mn, announced):
    for days in (22, 23, 24):
        mn.events[0]["start_date"] = in_days(days)
        round_of(app, "events")
    assert [one[1] for one in news(announced.coalition_id)] == [in_days(24)[:10]]


def test_new_hearing_that_moves_before_anybody_decides_shows_where_it_is_now(app, mn, tracked):
    for days in (20, 25):
        mn.events = [event(1, in_days(days), bill())]
        round_of(app, "events")
    (row,) = waiting(tracked.coalition_id)
    assert row.facts["on"] == in_days(25)[:10]
    actor = system_actor(coalition_id=tracked.coalition_id)
    with pytest.raises(Conflict), uow.unit():
        settling.accept_change(actor, row.public_id, version=row.version - 1)
    mn.events[0]["status"] = "cancelled"
    round_of(app, "events")
    assert waiting(tracked.coalition_id) == []


def test_hearing_changed_by_hand_meanwhile_is_not_overwritten(app, mn, announced):
    mn.events[0]["start_date"] = in_days(23)
    round_of(app, "events")
    (row,) = waiting(announced.coalition_id)
    actor = system_actor(coalition_id=announced.coalition_id)
    (held,) = calendar()
    with uow.unit():
        given = placing.HearingFacts(
            held.title, held.held_on, held.tz, held.source_name, time(9, 0), upstream_key=held.upstream_key
        )
        placing.change_hearing(actor, held.public_id, given, version=held.version)
    with pytest.raises(Conflict), uow.unit():
        settling.accept_change(actor, row.public_id, version=row.version)
    assert calendar()[0].local_time == time(9, 0)
    round_of(app, "events")
    assert [one[1] for one in news(announced.coalition_id)] == [in_days(23)[:10]]
    accept_all(announced.coalition_id)


def test_hearing_of_two_tracked_bills_moves_once(app, states, mn, tracked):
    mn.bills.append(bill(106))
    track(tracked.coalition_id, "HF 106")
    run_due(app)
    mn.events = [event(1, in_days(20), bill(), bill(106))]
    round_of(app, "events")
    assert len(waiting(tracked.coalition_id)) == 2
    accept_all(tracked.coalition_id)
    assert len(calendar()) == 1
    mn.events[0]["start_date"] = in_days(23)
    round_of(app, "events")
    assert len(waiting(tracked.coalition_id)) == 1


def test_a_round_says_that_hearings_were_checked(app, states, mn, announced, move_clock):
    before = calendar()[0].checked_at
    move_clock(3600)
    round_of(app, "events")
    assert calendar()[0].checked_at > before
    assert poll("events").checked_at == calendar()[0].checked_at or poll("events").checked_at > before


def by_hand(coalition_id, **words):
    """The hearing of the first event, as somebody noted it before the source told of it."""
    held_on = date.fromisoformat(in_days(20)[:10])
    given = {"held_on": held_on, "local_time": time(12, 30), "tz": "America/Chicago", "source_url": "https://a.org/x"}
    return make_hearing(coalition_id, **(given | words))


@pytest.mark.both_databases
def test_hearing_noted_by_hand_is_the_one_that_the_source_tells_of(app, mn, tracked):
    by_hand(tracked.coalition_id, place="Room G-23")
    mn.events = [event(1, in_days(20), bill())]
    round_of(app, "events")
    accept_all(tracked.coalition_id)
    (held,) = calendar()
    assert held.upstream_key.endswith("0001")
    assert (held.title, held.source_url) == ("Hearing on beds", "https://a.org/x")
    with uow.reading():
        assert hearings.bill_ids([held.id]) == {held.id: {tracked.id}}
    round_of(app, "events")
    assert waiting(tracked.coalition_id) == []
    mn.events[0]["status"] = "cancelled"
    round_of(app, "events")
    assert [row.kind for row in waiting(tracked.coalition_id)] == ["hearing_cancelled"]


def test_second_event_of_a_committee_at_one_time_is_the_same_hearing(app, mn, tracked):
    mn.bills.append(bill(106))
    other = track(tracked.coalition_id, "HF 106")
    run_due(app)
    mn.events = [event(1, in_days(20), bill()), event(2, in_days(20), bill(106))]
    round_of(app, "events")
    accept_all(tracked.coalition_id)
    (held,) = calendar()
    assert held.upstream_key.endswith("0001")
    with uow.reading():
        assert hearings.bill_ids([held.id]) == {held.id: {tracked.id, other.id}}
    round_of(app, "events")
    assert waiting(tracked.coalition_id) == []


@pytest.mark.parametrize("sources", [[], [{"url": "https://example.org/new", "note": ""}]])
@pytest.mark.parametrize("more", [{"start_date": "move"}, {"status": "cancelled"}])
def test_what_was_mended_by_hand_stays_when_a_move_is_accepted(app, mn, announced, sources, more):
    more = {key: in_days(23) if value == "move" else value for key, value in more.items()}
    mn.events[0] |= {"sources": sources, **more}
    round_of(app, "events")
    (held,) = calendar()
    with uow.unit():
        given = placing.HearingFacts(
            "Mended", held.held_on, held.tz, "Clerk", held.local_time, "Health and Beds", held.place,
            source_url="https://a.org/x",
        )  # fmt: skip
        placing.change_hearing(
            system_actor(coalition_id=announced.coalition_id), held.public_id, given, version=held.version
        )
    accept_all(announced.coalition_id)
    (held,) = calendar()
    assert (held.rev, held.title, held.committee) == (2, "Mended", "Health and Beds")
    is_theirs = bool(sources) and "start_date" in more
    assert held.source_url == ("https://example.org/new" if is_theirs else "https://a.org/x")
    assert held.source_name == ("Open States" if is_theirs else "Clerk")
