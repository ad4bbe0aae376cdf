"""Real worker processes: shared work, kill -9, freezing, an orderly end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.queue import port
from advocacy.queue.models import QueuedJob, SchedulerLease
from advocacy.web.limits import hits
from tests.support import worker_program
from tests.support.freezing import freeze
from tests.support.servers import environment
from tests.support.worker_program import DAYS, LEASE_S, marks

pytestmark = pytest.mark.both_databases
ROOT = Path(__file__).parents[2]
type_start = Callable[[], subprocess.Popen]


@pytest.fixture
def marks_file(tmp_path: Path) -> Path:
    return tmp_path / "marks"


@pytest.fixture
def start(app, database_url: str, marks_file: Path) -> Iterator[type_start]:
    worker_program.offer(app)
    running: list[subprocess.Popen] = []
    env = environment(database_url, TEST_MARKS=str(marks_file), QUEUE__LEASE_S="3", QUEUE__POLL_MS="50")
    env["ADVOCACY__CLOCK__OFFSET_FILE"] = str(marks_file.with_name("clock-offset"))

    def begin() -> subprocess.Popen:
        with marks_file.with_name(f"log-{len(running)}").open("wb") as out:
            command = [sys.executable, "-m", "tests.support.worker_program"]
            process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=out, stderr=out)
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.wait()


def put(name: str, count: int = 1, **args) -> None:
    with uow.unit():
        for number in range(count):
            port.enqueue(db.session(), name, {"n": number, **args})


def until(condition: Callable[[], bool], within_s: float = 60) -> None:
    end = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def left() -> int:
    with uow.reading():
        wanted = select(func.count()).select_from(QueuedJob).where(QueuedJob.name != "t.tick")
        return db.session.scalar(wanted)


def times(scope: str, number: int) -> int:
    with uow.reading():
        return hits(scope, str(number), DAYS)


def test_two_workers_share_the_work_and_each_job_runs_once(start: type_start, marks_file: Path):
    put("t.outside", 100, s=0.01)
    put("t.inside", 50)
    start()
    start()
    until(lambda: left() == 0, 90)
    found = Counter(mark for mark in marks(marks_file) if mark != "tick")
    assert set(found.values()) == {1}
    assert len(found) == 100 * 3 + 50
    assert all(times("settled", number) == 1 for number in range(100))


def test_r03_kill9_in_mid_job_runs_it_again_and_stores_it_once(start: type_start, marks_file: Path):
    put("t.outside", s=0.7)  # one after the other they fit well in a lease: on SQLite settling waits for the other
    put("t.inside", s=0.7)
    first = start()
    until(lambda: {"begin 0", "inside 0"} <= set(marks(marks_file)))
    first.kill()
    first.wait()
    start()
    until(lambda: left() == 0)
    assert (times("settled", 0), times("inside", 0)) == (1, 1)
    assert Counter(marks(marks_file))["begin 0"] == 2


def test_r36_frozen_worker_that_wakes_up_cannot_settle(start: type_start, marks_file: Path, database_url: str):
    put("t.outside", s=2)
    frozen = start()
    until(lambda: "begin 0" in marks(marks_file))
    freeze(frozen.pid, database_url)
    time.sleep(LEASE_S + 0.2)
    start()
    until(lambda: left() == 0)
    frozen.send_signal(signal.SIGCONT)
    until(lambda: Counter(marks(marks_file))["end 0"] == 2)
    time.sleep(1)
    assert times("settled", 0) == 1


def test_r37_sigterm_finishes_what_runs_and_leaves_the_rest(start: type_start, marks_file: Path):
    put("t.outside", 12, s=0.5)
    worker = start()
    until(lambda: "begin 0" in marks(marks_file))
    worker.terminate()
    assert worker.wait(20) == 0
    found = Counter(mark.split()[0] for mark in marks(marks_file) if mark != "tick")
    assert found["begin"] == found["end"] == found["sent"] >= 1
    assert left() == 12 - found["sent"]
    start()
    until(lambda: left() == 0)
    assert all(times("settled", number) == 1 for number in range(12))
    assert Counter(marks(marks_file))["begin 11"] == 1


def holder_token() -> int:
    with uow.reading():
        return db.session.scalar(select(SchedulerLease.token)) or 0


def test_r08_ticking_goes_on_after_kill9_of_its_holder(start: type_start, marks_file: Path):
    first = start()
    until(lambda: "tick" in marks(marks_file))
    start()
    first.kill()
    until(lambda: holder_token() == 2, 30)
    count = marks(marks_file).count("tick")
    until(lambda: marks(marks_file).count("tick") > count + 3)


def test_r19_many_writers_beside_a_worker_meet_no_locked_database(
    start: type_start, marks_file: Path, app, database_kind
):
    is_long = bool(os.environ.get("ADVOCACY_TEST_LONG"))
    writers, each = 32, 60 if is_long else 6
    start()
    until(lambda: "tick" in marks(marks_file))
    errors: list[Exception] = []

    def write(number: int) -> None:
        try:
            with app.app_context():
                for turn in range(each):
                    with uow.unit():
                        kind = "t.inside" if turn % 2 else "t.outside"
                        port.enqueue(db.session(), kind, {"n": number * each + turn})
                    with uow.reading():
                        db.session.scalar(select(func.count()).select_from(QueuedJob))
        except Exception as error:  # noqa: BLE001 - counted below
            errors.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    until(lambda: left() == 0, 120)
    found = Counter(mark for mark in marks(marks_file) if mark.startswith(("sent", "inside")))
    assert set(found.values()) == {1}
    assert len(found) == writers * each
    assert "OperationalError" not in marks_file.with_name("log-0").read_text()
    if database_kind == "sqlite":
        assert Path(f"{db.engine.url.database}-wal").stat().st_size < 64 * 2**20


@pytest.mark.parametrize("step", ["3600", "-3600"])
def test_r11_clock_steps_while_two_workers_run_make_nothing_happen_twice(start: type_start, marks_file: Path, step):
    start()
    start()
    until(lambda: all("worker_ready" in marks_file.with_name(f"log-{n}").read_text() for n in (0, 1)))
    put("t.outside", 4, s=1.5)
    until(lambda: {f"begin {number}" for number in range(4)} <= set(marks(marks_file)))
    marks_file.with_name("clock-offset").write_text(step)
    until(lambda: left() == 0)
    put("t.inside", 4)
    if step.startswith("-"):
        with uow.unit():  # as if queued in the moment before the step
            ahead = clock.now() + timedelta(hours=1)
            db.session.execute(
                update(QueuedJob).where(QueuedJob.name == "t.inside").values(run_at=ahead, created_at=ahead)
            )
        marks_file.with_name("clock-offset").write_text("-7200")
    until(lambda: left() == 0)
    found = Counter(mark for mark in marks(marks_file) if mark != "tick")
    assert set(found.values()) == {1}
    assert len(found) == 4 * 3 + 4
