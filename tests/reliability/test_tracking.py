"""The worker killed in the middle of a round: the next one reads again, and nothing is suggested twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.factories.tracking import track
from tests.support import stand_in
from tests.support.legislature import Legislature, action, bill, event
from tests.support.servers import Server
from tests.support.stage import DrillClock, Stage, stage
from tests.support.waiting import wait

LEASE_S = 130
"""Longer than the lease of a round."""
STEPS = [action(f"2026-03-{day:02d}", f"Step {day}") for day in range(1, 21)]
pytestmark = pytest.mark.civic_data


@pytest.fixture
def on_stage(database_url: str, drill_clock: DrillClock) -> Iterator[Stage]:
    """A coalition, and a clock that can be moved."""
    with stage(database_url, drill_clock) as found:
        yield found


@pytest.mark.both_databases(long=True)
@pytest.mark.timeout(600)
def test_r08_worker_killed_in_mid_poll_suggests_nothing_twice(on_stage: Stage, drill_clock: DrillClock) -> None:
    mn, gate, reached = Legislature(), threading.Event(), threading.Event()
    mn.bills = [bill(actions=STEPS)]
    mn.events = [event(1, "2099-03-10T18:30:00+00:00", bill())]

    def hold(page: int) -> None:
        reached.set()
        gate.wait(60)

    with stand_in.serve(mn) as states:
        asked = {
            "CIVIC__OPENSTATES_URL": states.base_url,
            "CIVIC__OPENSTATES_KEY": "k",
            "CIVIC__OPENSTATES_MINUTE": "1000",
            "CIVIC__OPENSTATES_DAY": "100000",
        }
        with on_stage.app.app_context():
            track(on_stage.coalition_id)
        mn.between = hold
        with _worker(on_stage, asked) as worker:
            assert reached.wait(60), "a round has begun"
            wait(lambda: _changes(on_stage) == len(STEPS), 60, "the first look is settled")
            worker.kill9()
        gate.set()
        for _round in range(2):  # the round that was killed, then another whole one
            drill_clock.move(LEASE_S if _round == 0 else 7200)
            before = on_stage.value("SELECT MAX(checked_at) FROM upstream_poll")
            with _worker(on_stage, asked):
                wait(lambda before=before: _all_read(on_stage, before), 90, "both lists are read to the end")
    assert _changes(on_stage) == len(STEPS) + 1
    twice = "SELECT COUNT(*) FROM (SELECT mark FROM bill_change GROUP BY bill_id, mark HAVING COUNT(*) > 1) AS found"
    assert on_stage.value(twice) == 0
    assert on_stage.value("SELECT COUNT(*) FROM job WHERE state = 'dead'") == 0


def _worker(on_stage: Stage, asked: dict[str, str]) -> Server:
    return on_stage.server(command="worker", **asked)


def _changes(on_stage: Stage) -> int:
    return int(on_stage.value("SELECT COUNT(*) FROM bill_change"))


def _all_read(on_stage: Stage, before: object) -> bool:
    if before is None:
        return on_stage.value("SELECT COUNT(*) FROM upstream_poll WHERE checked_at IS NOT NULL") == 2
    return on_stage.value("SELECT COUNT(*) FROM upstream_poll WHERE checked_at > :before", before=before) == 2
