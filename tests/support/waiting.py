"""Wait for what other processes do."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait(condition: Callable[[], object], within_s: float, what: str) -> None:
    """Ask until it is so.

    Raises: AssertionError that names ``what`` when it is not in time.
    """
    until = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < until, f"not within {within_s} s: {what}"
        time.sleep(0.05)
