"""``python -m bench.sweep [ROWS]``: claim due reminders with two sweepers, one killed half way, beside one UPDATE.

Both sides change the same rows of the same table to the same state. Each row must end under one claim, and no row of
the killed sweeper that was committed may be claimed again.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from advocacy.app import create_app
from advocacy.core import clock, crypto, uow
from advocacy.core.db import db
from advocacy.reminders.models import Deadline, DeadlineState
from advocacy.reminders.services import claiming
from tests.support import databases

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
WEAK_S = 120
FILL = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows) ",
    "postgresql": "WITH n(i) AS (SELECT generate_series(1, CAST(:rows AS integer))) ",
}
INSERT = """
    INSERT INTO reminder
        (deadline_id, deadline_rev, recipient_id, offset_code, fire_at, due_at, state, is_digest, made_at)
    SELECT :deadline, 1, i, '1d', :fire_at, :due_at, 'scheduled', {false}, :fire_at FROM n
"""
ONE_UPDATE = """
    UPDATE reminder SET state = 'claimed', claim = 1, claimed_until = :until
    WHERE state = 'scheduled' AND fire_at <= :now
"""


def _fill(kind: str, rows: int) -> None:
    now = clock.now()
    with uow.unit():
        for table in ("job", "reminder", "deadline"):
            db.session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - ours
        row = Deadline(kind="bench", object_kind="bench", object_id=1, rev=1, tz="UTC", state=DeadlineState.VOID)
        row.due_at, row.due_local, row.set_at = now + timedelta(days=1), "2027-01-01 00:00:00", now
        row.zone_data = "bench"
        db.session.add(row)
        db.session.flush()
        statement = FILL[kind] + INSERT.format(false="0" if kind == "sqlite" else "false")
        given = {"rows": rows, "deadline": row.id, "fire_at": _param(now, kind), "due_at": _param(row.due_at, kind)}
        db.session.execute(text(statement), given)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE reminder" if kind == "postgresql" else "ANALYZE"))


def _param(at: Any, kind: str) -> Any:  # noqa: ANN401 - as the database stores an instant
    return at if kind == "postgresql" else at.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def _in_app(url: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the work gives
    crypto.data_keys.clear()
    with create_app(databases.make_settings(url)).app_context():
        return work()


def _sweep(url: str, taken: Any, go: Any) -> None:  # noqa: ANN401 - a shared number and an event
    def work() -> None:
        go.wait()
        while True:
            with uow.unit():
                found = claiming.claim_due(clock.now())
            if not found:
                return
            with taken.get_lock():
                taken.value += found

    _in_app(url, work)


def _two_sweepers(url: str, rows: int) -> float:
    context = multiprocessing.get_context("spawn")
    taken, go = context.Value("q", 0), context.Event()
    both = [context.Process(target=_sweep, args=(url, taken, go)) for _ in range(2)]
    for process in both:
        process.start()
    time.sleep(8)  # until both have imported everything
    go.set()
    began = time.perf_counter()
    while taken.value < rows // 2 and time.perf_counter() - began < WEAK_S:
        time.sleep(0.002)
    os.kill(both[0].pid or 0, signal.SIGKILL)
    for process in both:
        process.join()
    return time.perf_counter() - began


def bench(kind: str, rows: int) -> None:
    """Alternate both sides and say their ratio."""
    url = databases.new_database(kind)
    ratios = []

    def value(sql: str) -> int:
        with uow.reading():
            return int(db.session.execute(text(sql)).scalar_one())

    def rounds() -> None:
        for _round in range(ROUNDS):
            _fill(kind, rows)
            began = time.perf_counter()
            with uow.unit():
                now = clock.now()
                db.session.execute(text(ONE_UPDATE), {"until": _param(now, kind), "now": _param(now, kind)})
            one = time.perf_counter() - began
            _fill(kind, rows)
            db.session.remove()
            two = _two_sweepers(url, rows)
            claims = value("SELECT count(DISTINCT claim) FROM reminder WHERE state = 'claimed'")
            if value("SELECT count(*) FROM reminder WHERE state = 'claimed'") != rows:
                sys.exit("a reminder was left")
            if claims != value("SELECT count(*) FROM job"):
                sys.exit("a claim without its one job")
            ratios.append(two / one)
            print(
                f"  {kind}: one UPDATE {one:.2f} s, two sweepers, one killed, {two:.2f} s, {claims:,} claims",
                flush=True,
            )

    _in_app(url, rounds)
    print(f"  {kind}: sweep of {rows:,} / one UPDATE (aim at most 2){statistics.median(ratios):8.2f}")


def main() -> None:
    """Run what was asked for."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for kind in os.environ.get("BENCH_DATABASES", "sqlite,postgresql").split(","):
        bench(kind, rows)


if __name__ == "__main__":
    main()
