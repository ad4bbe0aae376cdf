"""Notice that the wall clock was stepped: leases written before prove nothing for a while."""

from __future__ import annotations

from advocacy.core import clock

STEP_S = 2.0


class ClockWatch:
    """Compares the wall clock with one that never steps.

    After a step forward every lease looks overdue although its holder lives. So overdue leases are left alone until
    real time has passed in which a living holder would have settled or renewed.
    """

    def __init__(self) -> None:
        self._drift = self._measure()
        self._stepped_at: float | None = None

    @staticmethod
    def _measure() -> float:
        return clock.timestamp() - clock.monotonic()

    def look(self) -> float:
        """The seconds by which the clock was stepped since the last look; 0 when it was not."""
        drift = self._measure()
        step, self._drift = drift - self._drift, drift
        if abs(step) < STEP_S:
            return 0.0
        self._stepped_at = clock.monotonic()
        return step

    def trusts_leases(self, lease_s: float) -> bool:
        """Whether a lease of this length that looks overdue is."""
        return self._stepped_at is None or clock.monotonic() - self._stepped_at > lease_s
