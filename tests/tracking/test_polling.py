"""What a source says of tracked bills comes before an organizer, once, whatever the source does meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from advocacy.campaigns.models import Bill
from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.tracking.models import Change, Poll, Watch
from advocacy.tracking.services import settling
from tests.conftest import CIVIC_DATA
from tests.factories.tracking import track, waiting
from tests.support.legislature import action, bill, recorded
from tests.support.work import run_due
from tests.tracking.rounds import poll, round_of

pytestmark = pytest.mark.civic_data
READ = action("2025-03-06", "First reading", "introduction", "reading-1", "referral-committee", key="a1")
PASSED = action("2025-04-15", "Third reading Passed", "passage", key="a2")


def said(coalition_id):
    return [row.facts.get("what") or row.facts.get("label") for row in waiting(coalition_id)]


def test_what_a_source_knows_of_a_new_bill_waits_for_an_organizer(app, states, mn, coalition_id):
    mn.bills = [recorded("bill-detail")] if CIVIC_DATA.is_dir() else [bill(actions=[READ, PASSED])]
    found = track(coalition_id)
    run_due(app)
    assert states.paths() == ["/bills/mn/2025-2026/HF105"]
    assert said(coalition_id)[:3] == [
        "Introduction and first reading, referred to Education Policy",
        "Committee report, to pass as amended",
        "Third reading Passed",
    ]
    assert [row.facts["status"] for row in waiting(coalition_id)[:3]] == ["in_committee", "on_floor", "passed_one"]
    assert said(coalition_id)[3:] == ["Introduction", "1st Engrossment"]
    with uow.reading():
        watch = db.session.get(Watch, found.id)
        assert watch.upstream_key == mn.bills[0]["id"]
        assert watch.checked_at is not None


def test_a_round_asks_since_the_last_change_less_an_hour_oldest_first(app, states, mn, coalition_id):
    mn.bills = [bill(actions=[READ])]
    track(coalition_id)
    run_due(app)
    states.asked.clear()
    mn.bills[0] |= {"actions": [READ, PASSED], "updated_at": "2026-11-24T10:00:00.5+00:00"}
    before = poll("bills").seen_until
    round_of(app, "bills")
    path, query = states.asked[0]
    assert path == "/bills"
    assert query["sort"] == ["updated_asc"]
    assert query["jurisdiction"] == ["mn"]
    since = datetime.fromisoformat(query["updated_since"][0])
    assert since == before - timedelta(hours=1)
    assert "Third reading Passed" in said(coalition_id)
    assert poll("bills").seen_until == max(before, datetime(2026, 11, 24, 10, 0, 0, 500000, UTC))
    assert poll("bills").checked_at is not None


def test_c_same_change_is_never_suggested_twice_not_even_after_dismissal_or_with_new_keys(
    app, states, mn, coalition_id
):
    mn.bills = [bill(actions=[READ, PASSED])]
    found = track(coalition_id)
    run_due(app)
    first, second = waiting(coalition_id)
    actor = system_actor(coalition_id=coalition_id)
    with uow.unit():
        settling.dismiss_change(actor, first.public_id, version=first.version)
        settling.accept_change(actor, second.public_id, version=second.version)
    # The source reads the bill anew: the same steps get other keys.
    mn.bills[0]["actions"] = [READ | {"id": "b1"}, PASSED | {"id": "b2"}]
    for number in range(3):
        mn.bills[0]["updated_at"] = (clock.now() + timedelta(seconds=number)).isoformat()
        round_of(app, "bills")
    assert waiting(coalition_id) == []
    with uow.reading():
        assert len(list(db.session.execute(select(Change)).scalars())) == 2
        assert db.session.get(Bill, found.id).status == "passed_one"


def test_equal_steps_of_a_day_are_two_steps(app, states, mn, coalition_id):
    again = action("2025-03-07", "Author added", key="x")
    mn.bills = [bill(actions=[READ, again, again | {"id": "y"}])]
    track(coalition_id)
    run_due(app)
    assert said(coalition_id) == ["First reading", "Author added", "Author added"]


def test_steps_noted_by_hand_are_not_suggested(app, states, mn, coalition_id):
    from advocacy.campaigns.services import tracking

    mn.bills = [bill(actions=[READ, PASSED])]
    found = track(coalition_id)
    with uow.unit():
        day = datetime(2025, 3, 6, tzinfo=UTC).date()
        tracking.add_step(
            system_actor(coalition_id=coalition_id), found.public_id, what="First reading", happened_on=day
        )
    run_due(app)
    assert said(coalition_id) == ["Third reading Passed"]


def many(count, *, tracked_at, step_s=1):
    """Changed bills, the tracked one among them."""
    day = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    found = [
        bill(1000 + number, updated=(day + timedelta(seconds=number * step_s)).isoformat()) for number in range(count)
    ]
    found[tracked_at] |= bill(105, updated=found[tracked_at]["updated_at"], actions=[READ])
    return found


def begun(app, states, mn, coalition_id):
    """A tracked bill whose first look is over, and a poll that begins on the 23rd."""
    mn.bills = [bill()]
    track(coalition_id)
    run_due(app)
    with uow.unit():
        for row in db.session.execute(select(Poll)).scalars():
            row.seen_until = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    states.asked.clear()


def test_pitfall_08_pages_until_the_last_and_a_page_past_the_end_is_the_end(app, states, mn, coalition_id):
    begun(app, states, mn, coalition_id)
    mn.bills = many(45, tracked_at=5, step_s=0)  # one nightly run of the source: the same time on every bill
    mn.loses_the_last_page = True
    round_of(app, "bills")
    assert [query["page"] for _path, query in states.asked] == [["1"], ["1"], ["2"], ["3"]]
    assert poll("bills").last_code == ""
    assert said(coalition_id) == ["First reading"]


def test_pitfall_08_each_page_begins_where_the_last_ended_and_nobody_comes_twice(app, states, mn, coalition_id):
    begun(app, states, mn, coalition_id)
    mn.bills = many(45, tracked_at=30)
    round_of(app, "bills")
    assert [query["page"] for _path, query in states.asked] == [["1"]] * 3
    assert said(coalition_id) == ["First reading"]


def test_pitfall_08_a_list_that_changes_between_pages_loses_nothing(app, states, mn, coalition_id):
    begun(app, states, mn, coalition_id)
    mn.bills = many(45, tracked_at=25)

    def shift(page):
        if len(states.asked) == 2:  # bills of the first page were changed: the tracked one slips over the edge
            for one in mn.bills[:15]:
                one["updated_at"] = "2026-11-24T06:00:00+00:00"

    mn.between = shift
    round_of(app, "bills")
    assert said(coalition_id) == ["First reading"]
    assert poll("bills").seen_until == datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def test_a_round_that_is_cut_goes_on_where_it_was_and_loses_nothing(app, states, mn, coalition_id):
    begun(app, states, mn, coalition_id)
    mn.bills = many(60, tracked_at=50)

    def break_off(page):
        if len(states.asked) == 2:
            states.mode = "server"

    mn.between = break_off
    round_of(app, "bills")
    cut = poll("bills")
    assert cut.last_code == "server"
    assert cut.cut_at == datetime(2026, 11, 24, 0, 0, 38, tzinfo=UTC)
    assert cut.checked_at is None
    states.mode, mn.between = "ok", lambda page: None
    states.asked.clear()
    round_of(app, "bills")
    assert datetime.fromisoformat(states.asked[0][1]["updated_since"][0]) == cut.cut_at
    whole = poll("bills")
    assert (whole.last_code, whole.cut_at) == ("", None)
    assert said(coalition_id) == ["First reading"]


@pytest.mark.both_databases
def test_two_coalitions_get_their_own_changes_from_one_question(app, states, mn, coalition_id):
    from tests.factories.coalitions import make_coalition

    other = make_coalition("other", "Others")
    mn.bills = [bill(actions=[READ])]
    track(coalition_id)
    track(other)
    run_due(app)
    states.asked.clear()
    mn.bills[0] |= {"actions": [READ, PASSED], "updated_at": clock.now().isoformat()}
    round_of(app, "bills")
    assert len(states.asked) == 1
    assert said(coalition_id) == said(other) == ["First reading", "Third reading Passed"]


def test_clock_that_was_ahead_and_went_back_silences_nothing(app, states, mn, coalition_id, move_clock):
    move_clock(400 * 86400)
    mn.bills = [bill(actions=[READ])]
    track(coalition_id)
    run_due(app)
    round_of(app, "bills")
    move_clock(0)
    mn.bills[0] |= {"actions": [READ, PASSED], "updated_at": clock.now().isoformat()}
    with uow.unit():
        from advocacy.tracking.services import polling

        polling.ask_due()
    run_due(app)
    assert "Third reading Passed" in said(coalition_id)


def test_nothing_is_asked_without_a_key_and_the_bill_is_tracked_all_the_same(app, coalition_id):
    found = track(coalition_id)
    run_due(app)
    with uow.reading():
        assert db.session.get(Watch, found.id).last_code == "no_source"
    assert waiting(coalition_id) == []


def test_a_bill_that_the_source_does_not_know_says_so(app, states, mn, coalition_id):
    found = track(coalition_id)
    run_due(app)
    with uow.reading():
        assert db.session.get(Watch, found.id).last_code == "not_found"
