"""Where a ladder leads and when: the pure part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from advocacy.mailings import ladder_rules
from advocacy.mailings.ladder_rules import Manner
from tests.factories.ladders import HELLO, MORE, days

NEW_YORK, LORD_HOWE = ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")


@dataclass(frozen=True)
class Step:
    ref: int
    kind: str
    settings: dict


def steps(*given):
    return [Step(place, kind, settings) for place, (kind, settings) in enumerate(given, 1)]


def at(text, zone=UTC):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def asks(yes="next", no="end"):
    return "decide", {"test": "language", "language": "en", "yes": yes, "no": no}


GO_BACK = ("act", {"do": "go", "to": 1})
MORNING = {"way": "weekday", "weekdays": [0, 1, 2, 3, 4, 5, 6], "time": "09:00"}


@pytest.mark.parametrize(
    ("settings", "start", "zone", "expected"),
    [
        (days(1)[1], "2027-03-13 12:00", NEW_YORK, "2027-03-14 12:00"),  # 23 hours later: the clocks go forward
        (days(1)[1], "2027-11-06 12:00", NEW_YORK, "2027-11-07 12:00"),  # 25 hours later
        (days(1)[1], "2027-03-13 02:30", NEW_YORK, "2027-03-14 03:30"),  # 02:30 is skipped
        (days(24, "hours")[1], "2027-03-13 12:00", NEW_YORK, "2027-03-14 13:00"),
        (days(1)[1], "2027-10-02 02:10", LORD_HOWE, "2027-10-03 02:40"),  # half an hour is skipped
        ({"way": "date", "date": "2027-03-14", "time": "09:00"}, "2027-03-01 08:00", NEW_YORK, "2027-03-14 09:00"),
        ({"way": "date", "date": "2027-03-14", "time": "09:00"}, "2027-03-20 08:00", NEW_YORK, "2027-03-20 08:00"),
        ({**MORNING, "weekdays": [0]}, "2027-03-13 12:00", NEW_YORK, "2027-03-15 09:00"),
        ({**MORNING, "weekdays": [0]}, "2027-03-15 09:00", NEW_YORK, "2027-03-15 09:00"),
        ({**MORNING, "weekdays": [0]}, "2027-03-15 09:01", NEW_YORK, "2027-03-22 09:00"),
        ({**MORNING, "weekdays": [6], "time": "01:30"}, "2027-11-07 00:00", NEW_YORK, "2027-11-07 01:30"),
    ],
)
def test_wait_until_goes_by_the_calendar_of_the_zone(settings, start, zone, expected):
    assert ladder_rules.wait_until(settings, at(start, zone), zone) == at(expected, zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "manner", "mailed", "expected"),
    [
        ("2027-03-10 12:00", {}, None, "2027-03-10 12:00"),
        ("2027-03-10 22:00", {}, None, "2027-03-11 08:00"),
        ("2027-03-10 03:00", {}, None, "2027-03-10 08:00"),
        ("2027-03-10 13:00", {"quiet_from": time(12), "quiet_to": time(14)}, None, "2027-03-10 14:00"),
        ("2027-03-10 03:00", {"quiet_from": time(8), "quiet_to": time(8)}, None, "2027-03-10 03:00"),
        ("2027-03-10 12:00", {}, "2027-03-10 10:00", "2027-03-11 10:00"),
        ("2027-03-10 12:00", {}, "2027-03-09 23:00", "2027-03-10 12:00"),
        ("2027-03-10 12:00", {"paused_until": at("2027-03-20 22:00", NEW_YORK)}, None, "2027-03-21 08:00"),
    ],
)
def test_mail_at_leaves_people_in_peace(now, manner, mailed, expected):
    found = ladder_rules.mail_at(
        at(now, NEW_YORK), Manner(NEW_YORK, **manner), at(mailed, NEW_YORK) if mailed else None
    )
    assert found == at(expected, NEW_YORK)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], [("no_mail", 0)]),
        ([days(1)], [("no_mail", 0)]),
        ([HELLO, days(1), MORE], []),
        ([asks(no="next"), HELLO], []),
        ([asks(yes=3, no="next"), ("act", {"do": "end"}), HELLO], []),
        ([HELLO, ("act", {"do": "end"}), MORE], [("unreachable", 3)]),
        ([HELLO, ("act", {"do": "go", "to": 9})], [("lost_target", 2)]),
        ([HELLO, days(1), GO_BACK], [("loop", 1)]),
        ([HELLO, asks(yes="end", no=1)], [("loop", 1)]),
        ([asks(yes=2, no=3), ("act", {"do": "end"}), ("act", {"do": "go", "to": 2}), HELLO], [("unreachable", 4)]),
        ([("act", {"do": "mail", "subject": "", "body": "x"})], [("no_text", 1)]),
        ([("wait", {"way": "date", "date": "2027-03-10", "time": "09:00"}), HELLO], [("date_past", 1)]),
    ],
)
def test_problems_are_found_before_publishing(given, expected):
    found = ladder_rules.problems(steps(*given), date(2027, 3, 10))
    assert [(problem.code, problem.ref) for problem in found] == expected


def test_simulate_says_what_would_happen_when():
    given = steps(HELLO, days(1, "hours"), asks(yes="next", no=5), MORE, HELLO)
    start = at("2027-03-10 20:30", NEW_YORK)

    def told(*, says, daily=True):
        found = ladder_rules.simulate(given, {3: says}, start, Manner(NEW_YORK), is_one_mail_a_day=daily)
        return [(one.ref, one.at.astimezone(NEW_YORK).strftime("%d %H:%M"), one.outcome) for one in found]

    assert told(says=False) == [
        (1, "10 20:30", "done"),
        (2, "10 21:30", "done"),
        (3, "10 21:30", "no"),
        (5, "11 20:30", "done"),
    ]
    assert told(says=True, daily=False)[-2:] == [(4, "11 08:00", "done"), (5, "11 08:00", "done")]
