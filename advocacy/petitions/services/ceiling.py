"""The hard ceiling of one process: above it people are told to come back, so that those inside are served."""

from __future__ import annotations

import threading

from flask_babel import gettext as _

from advocacy.core import clock
from advocacy.core.errors import TooMany

_lock = threading.Lock()
_second = 0
_entered = 0


def enter(limit: int) -> None:
    """Count one more in this second; ``limit`` 0 counts nothing.

    Raises: TooMany.
    """
    global _second, _entered  # noqa: PLW0603 - one counter a process
    if not limit:
        return
    now = int(clock.monotonic())
    with _lock:
        if now != _second:
            _second, _entered = now, 0
        _entered += 1
        is_over = _entered > limit
    if is_over:
        raise TooMany(_("Many people are signing right now. Please try again in a few seconds."), retry_after_s=2)
