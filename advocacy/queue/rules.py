"""When to try again: pure."""

from __future__ import annotations

import random
from datetime import timedelta

FIRST_DELAY_S = 2.0
LONGEST_DELAY_S = 3600.0


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after the ``attempts``-th failure: exponential, with full jitter so that failures spread out."""
    ceiling = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2.0 ** min(attempts - 1, 30))
    return timedelta(seconds=random.uniform(0.2, ceiling))  # noqa: S311 - spreads load, guards nothing
