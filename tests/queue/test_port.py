"""The contract of the queue's port, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import exc, func, select, update

from advocacy.core import clock, uow
from advocacy.core.db import db, run_together
from advocacy.core.jobs_spec import GiveUp, OutsideJob, RetryLater
from advocacy.queue import port
from advocacy.queue.adapters.embedded.claiming import claim, due, give_back
from advocacy.queue.adapters.embedded.running import run_claim
from advocacy.queue.models import JobState, QueuedJob
from advocacy.web.limits import hit, hits
from tests.support.work import run_due

pytestmark = pytest.mark.both_databases
DAYS = 100 * 24 * 3600


def put(name: str = "t.job", **options) -> int:
    with uow.unit():
        return port.enqueue(db.session(), name, options.pop("args", {}), **options)


def take(owner: str = "me", limit: int = 10, now=None):
    now = now or clock.now()
    found = due(now)
    return claim(found, owner, now, limit) if found else []


def row(job_id: int) -> QueuedJob | None:
    with uow.reading():
        found = db.session.get(QueuedJob, job_id)
        if found is not None:
            db.session.expunge(found)
        return found


def count() -> int:
    with uow.reading():
        return db.session.scalar(select(func.count()).select_from(QueuedJob))


def test_job_when_committed_runs_once_and_leaves_no_row(app, offer):
    ran = []
    offer("t.job", lambda args: ran.append(args["n"]))
    put(args={"n": 7})
    assert run_due(app) == 1
    assert run_due(app) == 0
    assert ran == [7]
    assert count() == 0


def test_job_when_rolled_back_never_runs(app, offer):
    offer("t.job", lambda args: None)

    def fail() -> None:
        with uow.unit():
            port.enqueue(db.session(), "t.job", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert run_due(app) == 0


def test_enqueue_when_no_room_offers_the_job_is_refused(app):
    with pytest.raises(LookupError), uow.unit():
        port.enqueue(db.session(), "t.unknown", {})


def test_hot_path_insert_when_key_waits_adds_nothing(app, offer):
    offer("t.job", lambda args: None)
    with uow.unit():
        for _ in range(2):
            run_together(db.session(), [(port.INSERT_JOB, port.insert_job_params("t.job", {"a": "é"}, dedupe_key="k"))])
        run_together(db.session(), [(port.INSERT_JOB, port.insert_job_params("t.job", {}))])
    assert count() == 2
    assert run_due(app) == 2


def test_dedupe_when_twin_waits_keeps_the_earlier_instant_and_the_smaller_priority(app, offer):
    offer("t.job", lambda args: None)
    later = clock.now() + timedelta(hours=1)
    first = put(dedupe_key="k", run_at=later, priority=10)
    assert run_due(app) == 0
    assert put(dedupe_key="k", priority=90) == first
    assert row(first).priority == 10
    assert run_due(app) == 1


def test_dedupe_when_twin_runs_makes_a_new_job(app, offer):
    offer("t.job", lambda args: None)
    first = put(dedupe_key="k")
    (running,) = take()
    second = put(dedupe_key="k")
    assert second != first
    assert run_claim(app, running) is None
    assert row(second) is not None
    assert row(first) is None


def test_failed_job_when_its_twin_waits_leaves_the_work_to_it(app, offer):
    def fail(args):
        raise ValueError

    offer("t.job", fail)
    put(dedupe_key="k")
    (running,) = take()
    second = put(dedupe_key="k")
    run_claim(app, running)
    assert count() == 1
    assert row(second).attempts == 0


def test_cancel_when_waiting_takes_back_and_when_running_does_not(app, offer):
    ran = []
    offer("t.job", ran.append)
    put(dedupe_key="k")
    with uow.unit():
        assert port.cancel(db.session(), "k") is True
    put(dedupe_key="k")
    (running,) = take()
    with uow.unit():
        assert port.cancel(db.session(), "k") is False
    run_claim(app, running)
    assert len(ran) == 1


def test_delay_when_not_yet_due_waits(app, offer, move_clock):
    offer("t.job", lambda args: None)
    put(run_at=clock.now() + timedelta(minutes=10))
    assert run_due(app) == 0
    assert run_due(app, until=clock.now() + timedelta(minutes=11)) == 1
    put(run_at=clock.now() + timedelta(minutes=10))
    move_clock(601)
    assert run_due(app) == 1


def test_priority_smaller_runs_first_and_equal_in_order(app, offer):
    ran = []
    offer("t.job", lambda args: ran.append(args["n"]))
    for number, priority in ((1, 50), (2, 90), (3, 10), (4, 50)):
        put(args={"n": number}, priority=priority)
    put(args={"n": 5}, priority=5, run_at=clock.now() + timedelta(days=1))
    run_due(app)
    assert ran == [3, 1, 4, 2]


def test_failure_when_run_again_backs_off_and_ends_as_dead_letter(app, offer, move_clock):
    def fail(args):
        hit("t", "written", DAYS)
        raise ValueError("Zoë <zoe@example.org>")

    offer("t.job", fail, max_attempts=3)
    job_id = put()
    with pytest.raises(ValueError, match="Zoë"):
        run_due(app)
    found = row(job_id)
    assert (found.state, found.attempts, found.last_error) == (JobState.READY, 1, "ValueError")
    assert clock.now() < found.run_at <= clock.now() + timedelta(seconds=2)
    for hour in (1, 2):
        move_clock(hour * 3600)
        run_due(app, raises=False)
    found = row(job_id)
    assert (found.state, found.attempts, found.lease_until) == (JobState.DEAD, 3, None)
    with uow.reading():
        assert hits("t", "written", DAYS) == 0
    move_clock(100 * 3600)
    assert run_due(app) == 0


def test_retry_later_keeps_what_was_written_and_costs_no_attempt(app, offer, move_clock):
    def later(args):
        hit("t", "written", DAYS)
        raise RetryLater(timedelta(minutes=3), "greylisted")

    offer("t.job", later, max_attempts=1)
    job_id = put()
    run_due(app)
    move_clock(240)
    run_due(app)
    found = row(job_id)
    assert (found.state, found.attempts, found.last_error) == (JobState.READY, 0, "greylisted")
    assert found.run_at > clock.now() + timedelta(minutes=2)
    with uow.reading():
        assert hits("t", "written", DAYS) == 2


def test_give_up_is_dead_at_once(app, offer):
    def never(args):
        raise GiveUp("no_such_mail")

    offer("t.job", never)
    job_id = put()
    run_due(app)
    assert (row(job_id).state, row(job_id).last_error) == (JobState.DEAD, "no_such_mail")


def test_unknown_job_when_claimed_waits_for_a_worker_that_knows_it(app, offer):
    offer("t.job", lambda args: None)
    job_id = put()
    del app.extensions["advocacy.house"].jobs["t.job"]
    run_due(app, raises=False)
    assert (row(job_id).state, row(job_id).last_error) == (JobState.READY, "LookupError")


def test_crash_in_mid_job_runs_again_when_the_lease_is_over(app, offer, move_clock):
    ran = []
    offer("t.job", lambda args: ran.append(1), lease_s=30)
    put()
    assert len(take("crashed")) == 1
    assert run_due(app) == 0
    move_clock(31)
    assert run_due(app) == 1
    assert ran == [1]


def test_job_that_kills_its_worker_each_time_becomes_a_dead_letter(app, offer, move_clock):
    offer("t.job", lambda args: None, lease_s=10, max_attempts=3)
    job_id = put()
    for turn in range(3):
        move_clock(turn * 20)
        assert len(take("crashed")) == 1
    move_clock(100)
    run_due(app)
    assert row(job_id).state == JobState.DEAD


def test_fence_when_lease_was_taken_over_refuses_the_old_holder(app, offer, move_clock):
    wrote = []

    def work(args):
        hit("t", "written", DAYS)
        wrote.append(1)

    offer("t.job", work, lease_s=30)
    job_id = put()
    (old,) = take("frozen")
    move_clock(31)
    (new,) = take("heir")
    assert new.fence == old.fence + 1
    run_claim(app, old)
    assert row(job_id).state == JobState.RUNNING
    with uow.reading():
        assert hits("t", "written", DAYS) == 0, "the old holder's whole unit is rolled back"
    run_claim(app, new)
    assert row(job_id) is None
    with uow.reading():
        assert hits("t", "written", DAYS) == 1


def test_outside_job_when_lease_was_lost_while_outside_stores_nothing(app, offer, move_clock):
    settled = []

    def perform(prepared):
        move_clock(31)
        assert len(take("heir")) == 1
        return "sent"

    def settle(args, result):
        hit("t", "settled", DAYS)
        settled.append(result)

    offer(OutsideJob("t.out", lambda args: "prepared", perform, settle, lease_s=30))
    job_id = put("t.out")
    (mine,) = take()
    run_claim(app, mine)
    assert settled == ["sent"]
    assert row(job_id).state == JobState.RUNNING
    with uow.reading():
        assert hits("t", "settled", DAYS) == 0


def test_outside_job_performs_without_a_transaction_and_settles(app, offer):
    seen = []

    def prepare(args):
        hit("t", "prepared", DAYS)
        return args["n"]

    def perform(prepared):
        seen.append(("open", db.session.registry.has() and db.session().in_transaction()))
        return prepared + 1

    offer(OutsideJob("t.out", prepare, perform, lambda args, result: seen.append(("settled", result))))
    put("t.out", args={"n": 1})
    run_due(app)
    assert seen == [("open", False), ("settled", 2)]
    assert count() == 0


def test_outside_job_when_nothing_to_do_ends_without_performing(app, offer):
    went = []
    offer(OutsideJob("t.out", lambda args: None, went.append, lambda args, result: went.append(result)))
    put("t.out")
    assert run_due(app) == 1
    assert (count(), went) == (0, [])


def test_outside_job_when_perform_fails_is_tried_again(app, offer):
    def perform(prepared):
        raise OSError

    offer(OutsideJob("t.out", lambda args: 1, perform, lambda args, result: None))
    job_id = put("t.out")
    run_due(app, raises=False)
    assert (row(job_id).state, row(job_id).last_error) == (JobState.READY, "OSError")


def test_lock_when_held_keeps_others_waiting(app, offer):
    offer("t.job", lambda args: None)
    first, second, free = put(lock="l"), put(lock="l"), put()
    claims = take()
    assert {item.id for item in claims} == {first, free}
    assert take() == []
    for item in claims:
        run_claim(app, item)
    assert [item.id for item in take()] == [second]


def test_lock_when_claimed_twice_is_refused_by_the_database(app, offer):
    offer("t.job", lambda args: None)
    put(lock="l")
    second = put(lock="l")
    take(limit=1)
    change = update(QueuedJob).where(QueuedJob.id == second).values(state="running", lease_until=clock.now())
    with pytest.raises(exc.IntegrityError), uow.unit():
        db.session.execute(change)


def test_give_back_frees_jobs_at_once(app, offer):
    ran = []
    offer("t.job", ran.append)
    put()
    claims = take("leaving")
    give_back(claims)
    assert run_due(app) == 1
    assert len(ran) == 1


def test_poison_job_does_not_hold_up_others(app, offer):
    ran = []

    def work(args):
        if args["n"] == 0:
            raise ValueError
        ran.append(args["n"])

    offer("t.job", work)
    for number in range(5):
        put(args={"n": number})
    run_due(app, raises=False)
    assert ran == [1, 2, 3, 4]


def test_many_jobs_of_a_later_day_do_not_slow_the_look(app, offer):
    offer("t.job", lambda args: None)
    later = clock.now() + timedelta(days=1)
    with uow.unit():
        for _ in range(2000):
            run_together(db.session(), [(port.INSERT_JOB, port.insert_job_params("t.job", {}, run_at=later))])
    began = clock.monotonic()
    for _ in range(20):
        assert not due(clock.now())
    assert clock.monotonic() - began < 2.0
