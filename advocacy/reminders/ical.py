"""Dates as iCalendar (RFC 5545): pure. The library escapes, folds at 75 octets between characters, ends with CR LF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from icalendar import Calendar, Event

from advocacy.messaging.message import neutral

PRODUCT = "-//Advocacy//Dates//EN"
LONGEST = 200
REFRESH = timedelta(hours=6)


class Method(StrEnum):
    """What a calendar does with the entries."""

    PUBLISH = "PUBLISH"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Hold:
    """One date: ``uid`` stays, ``sequence`` grows when it moves; the title names no person."""

    uid: str
    sequence: int
    at: datetime
    title: str
    url: str
    stamped_at: datetime
    is_off: bool = False


def calendar(holds: Sequence[Hold], *, method: Method = Method.PUBLISH, name: str = "") -> bytes:
    """A calendar of these dates; ``CANCEL`` takes each of them back."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", str(method))
    if name:
        made.add("x-wr-calname", neutral(name, LONGEST))
        made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for hold in holds:
        made.add_component(_event(hold, is_off=hold.is_off or method is Method.CANCEL))
    return bytes(made.to_ical())


def _event(hold: Hold, *, is_off: bool) -> Event:
    made = Event()
    made.add("uid", hold.uid)
    made.add("sequence", hold.sequence)
    made.add("dtstamp", hold.stamped_at)
    made.add("dtstart", hold.at)
    made.add("summary", neutral(hold.title, LONGEST))
    made.add("url", hold.url)
    made.add("status", "CANCELLED" if is_off else "CONFIRMED")
    made.add("transp", "TRANSPARENT")
    made.add("class", "PRIVATE")
    return made
