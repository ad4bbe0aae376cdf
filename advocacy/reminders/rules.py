"""When to speak before a deadline: pure arithmetic of clocks and calendars.

A wall time that the clocks skip (spring) is taken on the later side of the gap: 02:30 becomes 03:30. A wall time that
comes twice (autumn) is its first occurrence. Days are calendar days of the deadline's place, hours are hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Offset(Protocol):
    """A way to count back from a deadline."""

    def fire_at(self, due_at: datetime, zone: ZoneInfo) -> datetime:
        """The instant at which to speak."""
        ...


@dataclass(frozen=True)
class Elapsed:
    """So many hours before the deadline, whatever the clocks on the wall do."""

    hours: float

    def fire_at(self, due_at: datetime, zone: ZoneInfo) -> datetime:
        """The instant at which to speak."""
        del zone
        return due_at - timedelta(hours=self.hours)


@dataclass(frozen=True)
class Wall:
    """So many calendar days before, at ``at`` (``"09:00"``) of the place, or at the deadline's own local time."""

    days: int
    at: str | None = None

    def fire_at(self, due_at: datetime, zone: ZoneInfo) -> datetime:
        """The instant at which to speak; never behind the deadline."""
        local = due_at.astimezone(zone)
        wall = time.fromisoformat(self.at) if self.at else local.time().replace(fold=0)
        found = instant_of(datetime.combine(local.date() - timedelta(days=self.days), wall), zone)
        return min(found, due_at)


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a naive wall time: later side of a gap, first occurrence of an overlap."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def next_step(offsets: Mapping[str, Offset], due_at: datetime, zone: ZoneInfo, after: datetime) -> datetime:
    """The first reminder behind ``after``, else the deadline itself."""
    ahead = [at for at in fire_times(offsets, due_at, zone).values() if after < at < due_at]
    return min([*ahead, due_at])


def fire_times(offsets: Mapping[str, Offset], due_at: datetime, zone: ZoneInfo) -> dict[str, datetime]:
    """When each offset speaks, earliest first."""
    found = {code: offset.fire_at(due_at, zone) for code, offset in offsets.items()}
    return dict(sorted(found.items(), key=lambda item: item[1]))
