"""Who ticks, and what a tick does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.jobs_spec import Job, Periodic
from advocacy.queue.adapters.embedded.running import RUNS_KEPT
from advocacy.queue.adapters.embedded.steps import ClockWatch
from advocacy.queue.adapters.embedded.ticker import Ticker
from advocacy.queue.models import JobRun, QueuedJob, ScheduleMark, SchedulerLease
from tests.support.work import run_due

pytestmark = pytest.mark.both_databases
LEASE_S = 9


def ticker(app, name: str = "one", watch: ClockWatch | None = None) -> Ticker:
    made = Ticker(app, name, watch or ClockWatch())
    made._hold()
    return made


def lease() -> tuple[int, str]:
    with uow.reading():
        row = db.session.get(SchedulerLease, 1)
        return row.token, row.holder


def waiting() -> int:
    with uow.reading():
        return db.session.scalar(select(func.count()).select_from(QueuedJob))


@pytest.fixture
def entry(offer) -> Periodic:
    offer(Job("t.job", lambda args: None))
    return Periodic("t.often", "t.job", timedelta(milliseconds=200))


def test_lease_when_held_is_left_to_its_holder(app):
    one, two = ticker(app), ticker(app, "two")
    assert (one.is_holder, two.is_holder) == (True, False)
    one._hold()
    assert lease() == (1, "one")


def test_lease_when_run_out_is_taken_over_with_a_new_token(app, move_clock):
    one = ticker(app)
    move_clock(LEASE_S + 1)
    two = ticker(app, "two")
    assert two.is_holder
    assert lease() == (2, "two")
    one._hold()
    assert not one.is_holder


def test_lease_when_given_back_is_taken_at_once(app):
    one = Ticker(app, "one", ClockWatch())
    one._periodic = ()
    one.start()
    while not one.is_holder:
        pass
    one.stop()
    assert ticker(app, "two").is_holder


def test_old_holder_when_it_wakes_up_queues_nothing(app, entry, move_clock):
    one = ticker(app)
    move_clock(LEASE_S + 1)
    ticker(app, "two")
    assert one.is_holder, "it cannot know yet"
    one._tick(entry)
    assert waiting() == 0
    assert not one.is_holder


def test_holder_that_was_frozen_does_not_tick_before_it_renews(app, entry, monkeypatch):
    one = ticker(app)
    real = clock.monotonic
    monkeypatch.setattr(clock, "monotonic", lambda: real() + LEASE_S + 1)
    one._tick(entry)
    assert waiting() == 0


def test_r11_step_forward_does_not_depose_a_living_holder(app, move_clock):
    one = ticker(app)
    watch = ClockWatch()
    two = ticker(app, "two", watch)
    move_clock(3600)
    assert watch.look() == pytest.approx(3600, abs=5)
    two._hold()
    assert not two.is_holder
    one._hold()
    two._hold()
    assert lease() == (1, "one")


def test_r11_lease_far_ahead_was_written_before_the_clock_went_back_and_counts_as_run_out(app, move_clock):
    move_clock(3600)
    ticker(app)
    move_clock(0)
    assert ticker(app, "two").is_holder


def test_tick_queues_once_while_the_last_waits(app, entry):
    one = ticker(app)
    one._tick(entry)
    one._tick(entry)
    assert waiting() == 1
    assert run_due(app) == 1


def test_tick_when_not_due_only_reads(app, entry):
    one = ticker(app)
    one._tick(Periodic("t.never", "t.job", timedelta(seconds=1), is_due=lambda: False))
    assert waiting() == 0


def test_tick_when_is_due_fails_goes_on(app, entry):
    def broken() -> bool:
        raise ValueError

    one = ticker(app)
    one._tick(Periodic("t.broken", "t.job", timedelta(seconds=1), is_due=broken))
    one._tick(entry)
    assert waiting() == 1


def test_long_interval_is_counted_from_the_database(app, offer, entry, move_clock):
    daily = Periodic("t.daily", "t.job", timedelta(days=1))
    ticker(app)._tick(daily)
    assert run_due(app) == 1
    with uow.unit():
        db.session.execute(delete(SchedulerLease))
    restarted = ticker(app, "restarted")
    restarted._tick(daily)
    assert waiting() == 0
    move_clock(24 * 3600 + 1)
    restarted._tick(daily)
    assert waiting() == 1


def test_long_interval_when_the_clock_went_back_is_due(app, offer, entry):
    daily = Periodic("t.daily", "t.job", timedelta(days=1))
    one = ticker(app)
    one._tick(daily)
    run_due(app)
    with uow.unit():
        db.session.execute(update(ScheduleMark).values(queued_at=clock.now() + timedelta(days=30)))
    one._tick(daily)
    assert waiting() == 1


def test_runs_of_periodic_work_are_noted_and_only_the_newest_kept(app, offer):
    turns = []

    def work(args):
        turns.append(1)
        if len(turns) == RUNS_KEPT + 5:
            raise ValueError

    offer(Job("t.job", work))
    one = ticker(app)
    entry = Periodic("t.often", "t.job", timedelta(seconds=1))
    for _ in range(RUNS_KEPT + 5):
        one._tick(entry)
        run_due(app, raises=False)
    with uow.reading():
        runs = list(db.session.scalars(select(JobRun).order_by(JobRun.id.desc())))
    assert len(runs) == RUNS_KEPT
    assert (runs[0].outcome, runs[0].error, runs[1].outcome) == ("failed", "ValueError", "done")
