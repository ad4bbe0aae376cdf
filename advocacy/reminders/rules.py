"""When something is due, and when to speak before it: pure arithmetic of clocks and calendars.

A wall time that the clocks skip (spring) is taken on the later side of the gap: 02:30 becomes 03:30. A wall time that
comes twice (autumn) is its first occurrence. Days are calendar days of the event's place, hours are hours.

A rule counts *back* from its event; a negative number counts on: written testimony due 48 hours after a hearing begins
is ``Elapsed(-48)``. As an offset of a reminder a rule never speaks behind the deadline.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, TypeAdapter

from advocacy.reminders import calendars

MOST_DAYS = 400
MOST_HOURS = 24 * MOST_DAYS
MOST_CLOSED = 60
type_clock = Annotated[str, Field(pattern=r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$")]

AHEAD = timedelta(hours=36)
"""So long before its time a reminder is planned: quiet hours may then move it to the evening before."""


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, OSError):
        message = f"{name[:64]!r} is not a time zone"
        raise ValueError(message) from None


def _known_calendar(code: str) -> str:
    if not calendars.is_calendar(code):
        message = f"{code[:16]!r} is not a holiday calendar"
        raise ValueError(message)
    return code


class Offset(ABC):
    """A way to count from the instant of an event."""

    @abstractmethod
    def moment(self, event_at: datetime, zone: ZoneInfo) -> datetime:
        """The instant that the rule names, before or behind the event."""

    def fire_at(self, due_at: datetime, zone: ZoneInfo) -> datetime:
        """The instant at which to speak of a deadline; never behind it."""
        return min(self.moment(due_at, zone), due_at)


@dataclass(frozen=True)
class Fixed(Offset):
    """A wall time in a zone, wherever the event goes."""

    local: datetime
    tz: Annotated[str, AfterValidator(_known_zone)]
    form: Literal["fixed"] = "fixed"

    def moment(self, event_at: datetime, zone: ZoneInfo) -> datetime:
        """The instant that the rule names."""
        del event_at, zone
        return instant_of(self.local.replace(tzinfo=None), ZoneInfo(self.tz))


@dataclass(frozen=True)
class Elapsed(Offset):
    """So many hours before the event, whatever the clocks on the wall do."""

    hours: Annotated[float, Field(ge=-MOST_HOURS, le=MOST_HOURS, allow_inf_nan=False)]
    form: Literal["elapsed"] = "elapsed"

    def moment(self, event_at: datetime, zone: ZoneInfo) -> datetime:
        """The instant that the rule names."""
        del zone
        return event_at - timedelta(hours=self.hours)


@dataclass(frozen=True)
class Wall(Offset):
    """So many calendar days before, at ``at`` (``"09:00"``) of the place, or at the event's own local time."""

    days: Annotated[int, Field(ge=-MOST_DAYS, le=MOST_DAYS)]
    at: type_clock | None = None
    form: Literal["wall"] = "wall"

    def moment(self, event_at: datetime, zone: ZoneInfo) -> datetime:
        """The instant that the rule names."""
        local = event_at.astimezone(zone)
        return _on(local.date() - timedelta(days=self.days), self.at, local, zone)


@dataclass(frozen=True)
class Business(Offset):
    """So many business days before, at ``at`` of the place; ``closed`` are days off beside those of the calendar."""

    days: Annotated[int, Field(ge=-MOST_DAYS, le=MOST_DAYS)]
    at: type_clock | None = None
    calendar: Annotated[str, AfterValidator(_known_calendar)] = "US"
    closed: Annotated[tuple[date, ...], Field(max_length=MOST_CLOSED)] = ()
    form: Literal["business"] = "business"

    def moment(self, event_at: datetime, zone: ZoneInfo) -> datetime:
        """The instant that the rule names."""
        local = event_at.astimezone(zone)
        on = calendars.business_day(local.date(), self.days, self.calendar, self.closed)
        return _on(on, self.at, local, zone)


type_rule = Fixed | Elapsed | Wall | Business
_AS_DATA: TypeAdapter[type_rule] = TypeAdapter(Annotated[type_rule, Field(discriminator="form")])


def as_data(rule: type_rule) -> dict[str, Any]:
    """A rule as it is stored."""
    found: dict[str, Any] = _AS_DATA.dump_python(rule, mode="json")
    return found


def of_data(data: Mapping[str, Any]) -> type_rule:
    """The rule that was stored.

    Raises: ValueError when the data is no rule.
    """
    return _AS_DATA.validate_python(dict(data))


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a naive wall time: later side of a gap, first occurrence of an overlap."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def next_look(offsets: Mapping[str, Offset], due_at: datetime, zone: ZoneInfo, after: datetime) -> datetime:
    """When a deadline needs the next look: to plan a reminder, when one is due, else at the deadline itself."""
    ahead = [at for at in fire_times(offsets, due_at, zone).values() if after < at < due_at]
    return min([*ahead, *(at - AHEAD for at in ahead if at - AHEAD > after), due_at])


def first_look(offsets: Mapping[str, Offset], due_at: datetime, zone: ZoneInfo, now: datetime) -> datetime:
    """When a deadline that is set now needs its first look."""
    ahead = [at for at in fire_times(offsets, due_at, zone).values() if now < at < due_at]
    return min([*(max(at - AHEAD, now) for at in ahead), due_at])


def fire_times(offsets: Mapping[str, Offset], due_at: datetime, zone: ZoneInfo) -> dict[str, datetime]:
    """When each offset speaks, earliest first."""
    found = {code: offset.fire_at(due_at, zone) for code, offset in offsets.items()}
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _on(day: date, at: str | None, event_local: datetime, zone: ZoneInfo) -> datetime:
    wall = time.fromisoformat(at) if at else event_local.time().replace(fold=0)
    return instant_of(datetime.combine(day, wall), zone)
