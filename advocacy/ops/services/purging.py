"""Delete what is kept long enough: each room says what and how, this room when."""

from __future__ import annotations

from collections.abc import Iterator

from advocacy.audit import services as audit
from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.web.manifest import Retention, house

CHUNK = 500
"""Rows of one transaction: short enough that nobody waits for it."""
MAX_PREVIEW = 20
"""Chunks that a dry run counts at most; beyond it says "or more"."""


def classes() -> tuple[Retention, ...]:
    """Every class of data that is purged."""
    return house().retention


def purge_chunk(name: str) -> int:
    """Purge up to ``CHUNK`` rows of one class in the caller's transaction; give how many."""
    item = next(item for item in classes() if item.name == name)
    count = item.purge(clock.now() - item.keep, CHUNK)
    if count:
        audit.record(system_actor(), "data.purged", "data", name, facts={"count": count})
    return count


def purge_all() -> Iterator[tuple[str, int]]:
    """Purge every class to its end, a transaction a chunk; give name and count of each."""
    for item in classes():
        total = 0
        while True:
            with uow.unit():
                count = purge_chunk(item.name)
            total += count
            if count < CHUNK:
                break
        yield item.name, total


def preview() -> Iterator[tuple[str, int, bool]]:
    """Count what a purge would take, and take nothing: (name, count, whether there is more)."""
    for item in classes():
        total, count = 0, 0
        with uow.trial():
            for _chunk in range(MAX_PREVIEW):
                count = item.purge(clock.now() - item.keep, CHUNK)
                total += count
                if count < CHUNK:
                    break
        yield item.name, total, count >= CHUNK
