"""Long lists of hearings, with the few calls that background work has: every round goes on where the last one was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from advocacy.core import clock
from tests.factories.tracking import track, waiting
from tests.support.legislature import bill, event
from tests.support.work import run_due
from tests.tracking.conftest import KEY, use
from tests.tracking.hearings import accept_all, in_days
from tests.tracking.rounds import poll, round_of

pytestmark = pytest.mark.civic_data
A_MINUTE = int(10 * 0.8 * 0.6)
LONG = 130
"""Seconds after which no call of an earlier round counts any more in the window of a minute."""


@pytest.fixture
def few_calls(app, states, mn, coalition_id, move_clock):
    """A tracked bill, two hearings of it on our calendar, and the calls of the default tier."""
    mn.bills = [bill()]
    found = track(coalition_id)
    run_due(app)
    mn.events = [event(number, in_days(20 + number), bill()) for number in (1, 2)]
    round_of(app, "events")
    accept_all(found.coalition_id)
    use(app, openstates_url=states.base_url, openstates_key=KEY)
    move_clock(LONG)
    states.asked.clear()
    return found


def others(count, **more):
    """Hearings of bills that nobody tracks, before ours."""
    return [event(1000 + number, in_days(5), bill(900), **more) for number in range(count)]


def lists(states):
    return [(query["deleted"][0], query["page"][0]) for path, query in states.asked if path == "/events"]


@pytest.mark.both_databases
def test_pitfall_07_round_that_is_cut_by_the_budget_goes_on_where_it_was(app, states, mn, few_calls, move_clock):
    mn.events[0]["deleted"] = True
    mn.events += others(110)  # six pages
    round_of(app, "events")
    assert lists(states) == [("false", str(page)) for page in (1, 2, 3, 4)]
    cut = poll("events")
    assert (cut.last_code, cut.cut_deleted, cut.cut_page) == ("budget", False, 5)
    assert cut.checked_at < cut.cut_at
    assert waiting(few_calls.coalition_id) == []
    states.asked.clear()
    move_clock(2 * LONG)
    round_of(app, "events")
    assert lists(states) == [("false", "5"), ("false", "6"), ("true", "1")]
    whole = poll("events")
    assert (whole.last_code, whole.cut_at, whole.cut_deleted, whole.cut_page) == ("", None, False, 1)
    assert whole.seen_until == cut.cut_at
    assert [row.kind for row in waiting(few_calls.coalition_id)] == ["hearing_cancelled"]


def test_r15_round_that_is_cut_by_the_budget_waits_as_long_as_every_round(app, states, mn, few_calls):
    mn.events += others(110)
    round_of(app, "events")
    row = poll("events")
    assert row.last_code == "budget"
    assert row.next_at - clock.now() > timedelta(minutes=29)


def test_r15_a_day_of_long_lists_keeps_within_its_calls_and_sees_what_is_deleted(
    app, states, mn, few_calls, move_clock
):
    mn.events += others(110)
    mn.events[0]["deleted"] = True
    at = LONG
    while at < 6 * 3600:
        round_of(app, "events")
        at += max(LONG, int((poll("events").next_at - clock.now()).total_seconds()) + 1)
        move_clock(at)
    assert len(states.asked) <= 250 * 0.8 * 0.6 / 4 + 2 * A_MINUTE
    assert ("true", "1") in lists(states)


def test_round_that_got_no_call_comes_again_soon(app, states, mn, few_calls):
    mn.events += others(110)
    round_of(app, "events")
    cut = poll("events")
    round_of(app, "events")  # somebody presses "check now" in the same minute
    row = poll("events")
    assert (row.cut_page, row.cut_at, row.last_code) == (cut.cut_page, cut.cut_at, "budget")
    assert row.next_at - clock.now() < timedelta(minutes=3)


def test_hearings_met_before_the_cut_are_not_looked_up(app, states, mn, few_calls, move_clock):
    for one, day in zip(mn.events, (3, 4), strict=True):
        one["start_date"] = in_days(day)
    mn.events += others(70)
    for number in (2, 3):
        round_of(app, "events")
        move_clock(number * LONG)
    assert poll("events").last_code == ""
    assert [path for path in states.paths() if path != "/events"] == []


@pytest.mark.both_databases
def test_pitfall_09_missing_hearings_are_looked_up_in_turn(app, states, mn, coalition_id, move_clock):
    mn.bills = [bill()]
    track(coalition_id)
    run_due(app)
    mn.events = [event(number, in_days(20 + number), bill()) for number in range(1, 8)]
    round_of(app, "events")
    accept_all(coalition_id)
    kept, mn.events = {one["id"]: one for one in mn.events}, []
    states.answer = lambda path, query: kept.get(path.removeprefix("/events/")) or mn(path, query)
    use(app, openstates_url=states.base_url, openstates_key=KEY)
    states.asked.clear()
    for number in range(1, 5):
        move_clock(number * LONG)
        round_of(app, "events")
        assert poll("events").last_code == ""
    looked_up = [path.removeprefix("/events/") for path in states.paths() if path != "/events"]
    assert set(looked_up) == set(kept)


def test_pitfall_09_lists_that_take_every_call_leave_some_to_look_up_what_is_missing(
    app, states, mn, few_calls, move_clock
):
    gone = mn.events.pop(0)["id"]
    mn.events += others(50)  # with the deleted ones four calls: just what a minute gives
    for number in (2, 3):
        round_of(app, "events")
        move_clock(number * LONG)
    assert f"/events/{gone}" in states.paths()
    assert [row.kind for row in waiting(few_calls.coalition_id)] == ["hearing_cancelled"]


def test_hearing_whose_page_is_broken_keeps_no_other_from_being_looked_up(app, states, mn, few_calls):
    first, second = (f"/events/{one['id']}" for one in mn.events)
    mn.events = []

    def answer(path, query):
        return {"id": "?"} if path == first else mn(path, query)

    states.answer = answer
    round_of(app, "events")
    assert states.paths()[2:] == [first, second]
    assert poll("events").last_code == ""
    assert len(waiting(few_calls.coalition_id)) == 1


def test_page_that_fails_twice_is_not_waited_for(app, states, mn, few_calls, move_clock):
    mn.events += others(50)
    states.answer = lambda path, query: {"detail": "?"} if query.get("page") == ["2"] else mn(path, query)
    round_of(app, "events")
    assert (poll("events").last_code, poll("events").cut_page) == ("shape", 2)
    move_clock(2 * LONG)
    round_of(app, "events")
    assert poll("events").cut_at is None
    move_clock(3 * LONG)
    states.asked.clear()
    round_of(app, "events")
    assert lists(states)[0] == ("false", "1")


def test_pitfall_07_single_item_that_cannot_be_read_is_left_out_and_said(app, states, mn, few_calls, caplog):
    mn.events = [event(7, in_days(3), bill()), event(8, in_days(4), bill(), location={"name": {"planted": "canary"}})]
    mn.bills = [bill(updated=clock.now().isoformat()), bill(106, clock.now().isoformat(), title=["canary"])]
    round_of(app, "bills")
    round_of(app, "events")
    assert (poll("bills").last_code, poll("events").last_code) == ("", "")
    assert in_days(3)[:10] in [row.facts["on"] for row in waiting(few_calls.coalition_id)]
    assert caplog.text.count("items_unread") == 2
    assert "canary" not in caplog.text
