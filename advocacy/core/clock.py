"""The one place that reads the time.

In tests and drills the clock can be moved for several processes at once: the setting ``clock.offset_file`` names a
file that holds a number of seconds to add.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

_offset_file: Path | None = None
_offset: tuple[int, float] = (-1, 0.0)


def use_offset_file(path: Path | None) -> None:
    """Read the offset in seconds from ``path`` from now on; ``None`` means the real clock."""
    global _offset_file, _offset  # noqa: PLW0603 - one clock a process, set once at start
    _offset_file = path
    _offset = (-1, 0.0)


def _offset_s() -> float:
    global _offset  # noqa: PLW0603 - cache keyed by the file's change time
    if _offset_file is None:
        return 0.0
    known = _offset
    try:
        changed = _offset_file.stat().st_mtime_ns
        if changed != known[0]:
            known = (changed, float(_offset_file.read_text(encoding="ascii").strip() or 0))
            _offset = known
    except (OSError, ValueError):
        pass
    return known[1]


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC) + timedelta(seconds=_offset_s()) if _offset_file else datetime.now(UTC)


def machine_now() -> datetime:
    """The machine's own instant, without a drill's offset: only for comparing it with other machines."""
    return datetime.now(UTC)


def timestamp() -> float:
    """Seconds since the epoch by the same clock as ``now``."""
    return time.time() + _offset_s()


def monotonic() -> float:
    """Seconds that never step back, for measuring durations."""
    return time.monotonic()
