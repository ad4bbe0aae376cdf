"""R-01: whatever is killed at whatever moment, what was acknowledged is there, once, with one mail."""

from __future__ import annotations

import os
import random

import pytest

from tests.support import kill_drill
from tests.support.stage import Stage
from tests.support.toy_server import FAULTS


def _kill_and_compare(on_stage: Stage, *, kills: int, seed: int) -> None:
    with on_stage.server() as server:
        drill = kill_drill.run(kill_drill.Product(server, on_stage), kills=kills, seed=seed)
    assert drill.verdict, f"{drill.verdict} after killing {drill.killed}"
    assert len(drill.killed) == kills
    assert len(drill.ledger.acknowledged) > kills
    # On a machine of its own; other work on the same processors takes its share of the time.
    allowed_s = kill_drill.BACK_S * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert max(drill.back_s) < allowed_s, f"{drill.back_s} s after killing {drill.killed}"
    assert on_stage.is_whole()


@pytest.mark.both_databases
def test_r01_kill9_during_signing_loses_and_doubles_nothing(on_stage: Stage, seed: int) -> None:
    _kill_and_compare(on_stage, kills=3, seed=seed)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.both_databases
def test_r01_kill9_thirty_times_loses_and_doubles_nothing(on_stage: Stage, seed: int) -> None:
    _kill_and_compare(on_stage, kills=30, seed=seed)


@pytest.mark.parametrize("fault", FAULTS)
def test_r01_control_the_same_drill_finds_the_fault_of_a_toy(fault: str, tmp_path, seed: int) -> None:
    toy = kill_drill.Toy(fault, tmp_path)
    toy.revive()
    try:
        drill = kill_drill.run(toy, kills=3, seed=seed)
    finally:
        toy.kill(random.Random())
    assert drill.verdict is not None
    found = {"early": drill.verdict.lost, "twice": drill.verdict.doubled, "late-mail": drill.verdict.wrong_mails}
    assert found[fault], f"a server with the fault {fault!r} passed the drill"
