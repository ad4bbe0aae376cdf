"""Clock steps are noticed, and leases are not judged by a clock that has just moved."""

from __future__ import annotations

import pytest

from advocacy.core import clock
from advocacy.queue.adapters.embedded.steps import ClockWatch
from advocacy.queue.rules import LONGEST_DELAY_S, retry_delay


@pytest.mark.parametrize("step", [3600, -3600, -86400])
def test_r11_step_is_seen_once_and_leases_are_trusted_again_after_their_length(move_clock, monkeypatch, step):
    watch = ClockWatch()
    assert watch.look() == 0
    assert watch.trusts_leases(60)
    move_clock(step)
    assert watch.look() == pytest.approx(step, abs=1)
    assert watch.look() == 0
    assert not watch.trusts_leases(60)
    real = clock.monotonic
    monkeypatch.setattr(clock, "monotonic", lambda: real() + 61)
    assert watch.trusts_leases(60)


def test_retry_delay_grows_and_stays_below_its_ceiling():
    assert all(0.2 <= retry_delay(1).total_seconds() <= 2 for _ in range(50))
    assert max(retry_delay(6).total_seconds() for _ in range(200)) > 10
    assert retry_delay(1000).total_seconds() <= LONGEST_DELAY_S
