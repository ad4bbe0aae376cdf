"""The arithmetic of clocks, across the changes that places make."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from advocacy.reminders.rules import Elapsed, Wall, fire_times, first_look, instant_of, next_look
from tests.reminders.conftest import utc

CASES = [
    # zone, due (UTC), offset, expected (UTC)
    ("America/New_York", "2027-03-15T03:59", Wall(1), "2027-03-14T04:59"),  # 23:59 the day before, in winter time
    ("America/New_York", "2027-03-15T06:30", Wall(1), "2027-03-14T07:30"),  # 02:30 is skipped: 03:30
    ("America/New_York", "2027-03-15T06:30", Elapsed(24), "2027-03-14T06:30"),
    ("America/New_York", "2027-03-15T16:00", Wall(7), "2027-03-08T17:00"),  # noon before and after the change
    ("America/New_York", "2027-11-08T06:30", Wall(1), "2027-11-07T05:30"),  # 01:30 comes twice: the first
    ("America/New_York", "2027-11-07T06:30", Wall(0), "2027-11-07T05:30"),  # due on the second 01:30
    ("America/New_York", "2027-11-07T07:30", Elapsed(2), "2027-11-07T05:30"),
    ("Europe/London", "2027-03-29T00:30", Wall(1), "2027-03-28T01:30"),  # 01:30 is skipped: 02:30 summer time
    ("Europe/London", "2027-11-01T01:30", Wall(1), "2027-10-31T00:30"),  # 01:30 comes twice
    ("Europe/London", "2027-10-31T12:00", Wall(1, "09:00"), "2027-10-30T08:00"),
    ("Australia/Lord_Howe", "2027-10-04T00:00", Wall(1), "2027-10-03T00:00"),
    ("Australia/Lord_Howe", "2027-10-03T15:15", Wall(1), "2027-10-02T15:45"),  # 02:15 is skipped by half an hour: 02:45
    ("Asia/Kolkata", "2027-06-10T18:29", Wall(1), "2027-06-09T18:29"),
    ("Asia/Kolkata", "2027-06-10T18:29", Wall(7, "08:00"), "2027-06-03T02:30"),
    ("Pacific/Apia", "2011-12-31T20:00", Wall(1), "2011-12-30T20:00"),  # 10:00 on 1 January; 31 December existed
    (
        "Pacific/Apia",
        "2011-12-30T20:00",
        Wall(1),
        "2011-12-30T20:00",
    ),  # 30 December 2011 did not: never behind the due time
    ("Pacific/Apia", "2027-06-10T11:00", Wall(1), "2027-06-09T11:00"),
]


@pytest.mark.parametrize(("zone", "due", "offset", "expected"), CASES)
def test_offset_at_clock_changes_speaks_when_the_place_expects(
    zone: str, due: str, offset: Wall | Elapsed, expected: str
) -> None:
    assert offset.fire_at(utc(due), ZoneInfo(zone)) == utc(expected)


def test_instant_of_at_every_half_hour_of_a_year_round_trips_or_is_a_gap() -> None:
    for name in ("America/New_York", "Europe/London", "Australia/Lord_Howe", "Pacific/Apia"):
        zone = ZoneInfo(name)
        local = datetime(2027, 1, 1)
        while local.year == 2027:
            back = instant_of(local, zone).astimezone(zone).replace(tzinfo=None)
            assert back == local or timedelta(0) < back - local <= timedelta(hours=1)
            local += timedelta(minutes=30)


def test_looks_before_a_deadline_plan_each_reminder_then_say_it_then_end() -> None:
    zone = ZoneInfo("America/New_York")
    offsets = {"7d": Wall(7), "1d": Wall(1), "2h": Elapsed(2)}
    due = utc("2027-05-20T16:00")
    assert list(fire_times(offsets, due, zone)) == ["7d", "1d", "2h"]
    assert first_look(offsets, due, zone, utc("2027-05-01T00:00")) == utc("2027-05-12T04:00")
    assert first_look(offsets, due, zone, utc("2027-05-19T20:00")) == utc("2027-05-19T20:00")
    assert first_look(offsets, due, zone, utc("2027-05-20T15:00")) == due
    looks, now = [], utc("2027-05-12T04:00")
    while now < due:
        now = next_look(offsets, due, zone, now)
        looks.append(f"{now:%d %H}")
    assert looks == ["13 16", "18 04", "19 02", "19 16", "20 14", "20 16"]
    assert next_look(offsets, due, zone, utc("2027-06-20T15:00")) == due
