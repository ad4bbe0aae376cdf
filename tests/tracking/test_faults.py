"""Every way in which a source can fail: bounded, no bad row, left alone as long as it asks for, people come first."""

from __future__ import annotations

import json
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import select

from advocacy.audit.models import AuditEvent
from advocacy.civic.services import circuits, source_health
from advocacy.civic.services.sources import configured
from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.queue.models import QueuedJob
from advocacy.tracking.models import Change, Poll
from advocacy.tracking.services import polling, searching, settling, watching
from tests.civic.test_street import memory_mb
from tests.factories.campaigns import detached
from tests.factories.tracking import track, waiting
from tests.support import stand_in
from tests.support.legislature import action, bill, event
from tests.support.work import run_due
from tests.tracking.conftest import KEY, use
from tests.tracking.rounds import poll, round_of

QUICK = sorted(set(stand_in.MODES) - {"slow", "hang"})
READ = action("2025-03-06", "First reading", "introduction")


@pytest.fixture
def tracked(app, states, mn, coalition_id):
    mn.bills = [bill()]
    found = track(coalition_id)
    run_due(app)
    states.asked.clear()
    return found


@pytest.mark.parametrize("what", ["bills", "events"])
@pytest.mark.parametrize("mode", QUICK)
def test_pitfall_07_round_of_a_failing_source_is_bounded_and_stores_nothing(app, states, tracked, what, mode):
    mn = states.answer
    mn.bills = [bill(actions=[READ], updated=clock.now().isoformat())]
    mn.events = [event(1, "2027-03-10T18:30:00+00:00", bill())]
    with stand_in.serve() as canary:
        states.elsewhere = f"{canary.base_url}/admin"
        states.mode = mode
        began, before = time.monotonic(), memory_mb()
        round_of(app, what)
        assert time.monotonic() - began < 20
        assert memory_mb() - before < 50
        assert canary.asked == []
    assert waiting(tracked.coalition_id) == []
    row = poll(what)
    assert row.last_code
    assert row.checked_at is None
    assert row.next_at > clock.now()
    asked = len(states.asked)
    assert asked <= 3, "two further tries at most, and none on a limit"
    if mode in {"minute", "day", "retry_after", "forbidden", "key"}:
        assert asked == 1
    states.mode = "ok"
    with uow.unit():
        circuits.went_well(configured()["openstates"], what)


@pytest.mark.parametrize("mode", ["hang", "slow"])
def test_r15_source_that_hangs_or_drips_costs_a_bounded_time(app, states, tracked, mode, monkeypatch):
    monkeypatch.setattr(polling, "ROUND_S", 2.0)
    states.mode = mode
    began = time.monotonic()
    round_of(app, "bills")
    assert time.monotonic() - began < 6
    assert poll("bills").last_code == "timeout"
    assert waiting(tracked.coalition_id) == []


@pytest.mark.parametrize(
    ("mode", "seconds"), [("minute", 60), ("forbidden", 60), ("retry_after", 900), ("day", None), ("key", 600)]
)
def test_pitfall_07_a_limit_parks_the_source_and_the_next_round_waits_for_it(
    states, tracked, move_clock, mode, seconds
):
    app, states.mode = current_app._get_current_object(), mode
    round_of(app, "bills")
    until = circuits.next_day() if seconds is None else clock.now() + timedelta(seconds=seconds)
    assert abs((poll("bills").next_at - until).total_seconds()) < 5
    round_of(app, "bills")  # somebody presses "check now": still left alone
    assert len(states.asked) == 1
    assert poll("bills").last_code == "parked"
    states.mode = "ok"
    move_clock((until - clock.now()).total_seconds() + 2)
    assert polling.is_any_due()
    round_of(app, "bills")
    assert poll("bills").last_code == ""


def test_open_circuit_is_waited_for(app, states, tracked):
    source = configured()["openstates"]
    with uow.unit():
        for _number in range(5):
            circuits.went_wrong(source, "bills", "server")
    round_of(app, "bills")
    assert states.asked == []
    assert poll("bills").last_code == "open"
    assert timedelta(seconds=20) < poll("bills").next_at - clock.now() <= timedelta(seconds=31)


def test_first_look_that_meets_a_limit_comes_again_by_itself(app, states, mn, coalition_id, move_clock):
    mn.bills = [bill(actions=[READ])]
    states.mode = "minute"
    track(coalition_id)
    run_due(app)
    assert waiting(coalition_id) == []
    states.mode = "ok"
    move_clock(62)
    run_due(app)
    assert len(waiting(coalition_id)) == 1


def test_malformed_bill_stores_nothing_and_names_no_value(app, states, mn, tracked, caplog):
    caplog.set_level("DEBUG")
    mn.bills = [bill(updated=clock.now().isoformat(), title={"planted": "canary-4711"})]
    round_of(app, "bills")
    assert poll("bills").last_code == "shape"
    assert waiting(tracked.coalition_id) == []
    assert "canary-4711" not in caplog.text


def test_hostile_words_are_stored_as_words_only(app, states, mn, tracked, organizer):
    text = "<script>alert(1)</script> =HYPERLINK"
    version = {"note": "As introduced", "date": "2025-03-06", "links": [{"url": "javascript:alert(1)"}]}
    mn.bills = [bill(updated=clock.now().isoformat(), actions=[action("2025-03-06", text)], versions=[version])]
    round_of(app, "bills")
    page = organizer.get("/desk/changes").text
    assert "<script>alert" not in page
    assert "javascript:" not in page


def test_address_that_no_page_may_hold_does_not_keep_a_change_from_being_accepted(app, mn, tracked):
    version = {"note": "As introduced", "date": "2025-03-06", "links": [{"url": "https://example.org/a b.pdf"}]}
    sources = [{"url": "https://example.org/a b", "note": ""}]
    mn.bills = [bill(updated=clock.now().isoformat(), versions=[version])]
    mn.events = [event(1, "2099-03-10T18:30:00+00:00", bill(), sources=sources)]
    for what in ("bills", "events"):
        round_of(app, what)
    rows = waiting(tracked.coalition_id)
    assert sorted(row.kind for row in rows) == ["hearing_new", "version"]
    for row in rows:
        with uow.unit():
            settling.accept_change(system_actor(coalition_id=row.coalition_id), row.public_id, version=row.version)
    assert waiting(tracked.coalition_id) == []


@pytest.mark.both_databases
def test_budget_is_shared_by_two_workers_and_leaves_a_reserve_for_people(app, states, mn, coalition_id):
    use(app, openstates_url=states.base_url, openstates_key=KEY, openstates_minute=1000, openstates_day=50)
    mn.bills = [bill()]
    track(coalition_id)
    run_due(app)
    source = configured()["openstates"]
    asked = polling.Round("openstates", "mn", polling.What.BILLS, clock.now(), clock.now(), frozenset(), frozenset())
    codes = []

    def work():
        with app.app_context():
            codes.extend(polling.perform(asked).code for _number in range(20))
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(states.asked) == int(50 * 0.8 * 0.6), "polling stops at its part of our share"
    assert "budget" in codes
    with uow.unit():
        assert circuits.refusal(source, "people", for_people=True) is None
    round_of(app, "bills")
    assert poll("bills").last_code == "budget"
    assert poll("bills").next_at == circuits.next_day()


def test_rounds_spread_over_the_day_so_that_the_budget_lasts(app, states, mn, coalition_id):
    use(app, openstates_url=states.base_url, openstates_key=KEY)  # 250 a day, as the default tier
    mn.bills = [bill()]
    track(coalition_id)
    run_due(app)
    round_of(app, "bills")
    wait = poll("bills").next_at - poll("bills").checked_at
    assert timedelta(minutes=15) < wait < timedelta(hours=1)
    assert timedelta(days=1) / wait * 3 <= 250 * 0.8 * 0.6


def test_one_round_of_a_list_at_a_time(app, states, mn, tracked):
    with uow.unit():
        row = db.session.get(Poll, ("openstates", "mn", "bills"))
        for _time in range(3):
            watching.ask_for(row)
    with uow.reading():
        jobs = db.session.execute(select(QueuedJob).where(QueuedJob.name == watching.POLL_JOB)).scalars().all()
        assert len(jobs) == 1
        assert jobs[0].lock == "poll:openstates:mn:bills"
    run_due(app)
    assert len(states.asked) == 1


def test_nothing_outside_is_asked_in_a_transaction(app, states, tracked):
    with uow.reading():
        db.session.execute(select(Poll))
        with pytest.raises(RuntimeError):
            polling.perform(polling.Round("openstates", "mn", polling.What.BILLS, clock.now(), clock.now()))
    assert states.asked == []


def test_pitfall_11_key_stands_in_no_row_log_page_or_audit(states, mn, organizer, coalition_id, caplog):
    caplog.set_level("DEBUG")
    app, mn.bills = organizer.application, [bill(actions=[READ])]
    found = track(coalition_id)
    run_due(app)
    from advocacy.core.actor import Actor

    for mode in ("ok", "shape", "server", "reset", "key"):
        states.mode = mode
        round_of(app, "bills")
        round_of(app, "events")
        searching.search_bills(Actor(user_id=1, coalition_id=coalition_id, roles=frozenset({"admin"})), "mn", mode)
    pages = [organizer.get(url).text for url in (f"/desk/bills/{found.public_id}", "/desk/changes")]
    assert all(header.get("x-api-key") == KEY for header in states.headers)
    assert all(KEY not in json.dumps(query) for _path, query in states.asked)
    with uow.reading():
        facts = [dict(row.facts) for row in db.session.execute(select(AuditEvent)).scalars()]
        source_health.lines()
    db.session.remove()
    file = Path(db.engine.url.database)
    held = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    for said in (*pages, caplog.text, repr(configured()), json.dumps(facts), held.decode("latin-1")):
        assert KEY not in said


@pytest.mark.both_databases
def test_i_two_rounds_that_say_the_same_store_it_once(app, mn, tracked):
    """Whoever settles second finds the row of the first: the database holds it, not the order of things."""
    answer = polling.Answer(bills=[])
    from advocacy.civic.adapters import openstates_bills

    answer.bills.append(openstates_bills.bill(bill(actions=[READ])))
    for _time in range(2):
        with uow.unit():
            polling.settle({"source": "openstates", "jurisdiction": "mn", "what": "bills"}, answer)
    with uow.reading():
        assert len(db.session.execute(select(Change)).scalars().all()) == 1
    assert detached(Poll, ("openstates", "mn", "bills")).checked_at is not None
