"""Every form of a rule on the days on which clocks change, and business days around holidays (R-10)."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from advocacy.reminders import calendars, kinds, rules
from advocacy.reminders.rules import Business, Elapsed, Fixed, Wall

NEW_YORK, LONDON, LORD_HOWE = "America/New_York", "Europe/London", "Australia/Lord_Howe"
KOLKATA, APIA = "Asia/Kolkata", "Pacific/Apia"

# A hearing begins at noon on a day. The zone and its calendar; the day; a wall time of that day and what it is;
# 24 hours before and 48 hours behind the hearing; 4 pm on the business day before.
TABLE = [
    # 02:30 is skipped; a Sunday, so the business day before is Friday, still in winter time
    (NEW_YORK, "US-NY", "2027-03-14", "02:30", "03:30-04:00", "03-13T11:00-05:00", "03-16T12:00-04:00", "03-12T16:00-05:00"),
    # 01:30 comes twice: the first
    (NEW_YORK, "US-NY", "2027-11-07", "01:30", "01:30-04:00", "11-06T13:00-04:00", "11-09T12:00-05:00", "11-05T16:00-04:00"),
    (LONDON, "GB-ENG", "2027-03-14", "02:30", "02:30+00:00", "03-13T12:00+00:00", "03-16T12:00+00:00", "03-12T16:00+00:00"),
    (LONDON, "GB-ENG", "2027-11-07", "01:30", "01:30+00:00", "11-06T12:00+00:00", "11-09T12:00+00:00", "11-05T16:00+00:00"),
    # Easter Sunday: 01:30 is skipped, and Good Friday is no business day
    (LONDON, "GB-ENG", "2027-03-28", "01:30", "02:30+01:00", "03-27T11:00+00:00", "03-30T12:00+01:00", "03-25T16:00+00:00"),
    (LONDON, "GB-ENG", "2027-10-31", "01:30", "01:30+01:00", "10-30T13:00+01:00", "11-02T12:00+00:00", "10-29T16:00+01:00"),
    (LORD_HOWE, "AU-NSW", "2027-03-14", "02:30", "02:30+11:00", "03-13T12:00+11:00", "03-16T12:00+11:00", "03-12T16:00+11:00"),
    (LORD_HOWE, "AU-NSW", "2027-11-07", "01:30", "01:30+11:00", "11-06T12:00+11:00", "11-09T12:00+11:00", "11-05T16:00+11:00"),
    # its own days: half an hour comes twice, half an hour is skipped
    (LORD_HOWE, "AU-NSW", "2027-04-04", "01:45", "01:45+11:00", "04-03T12:30+11:00", "04-06T12:00+10:30", "04-02T16:00+11:00"),
    (LORD_HOWE, "AU-NSW", "2027-10-03", "02:15", "02:45+11:00", "10-02T11:30+10:30", "10-05T12:00+11:00", "10-01T16:00+10:30"),
    (KOLKATA, "IN", "2027-03-14", "02:30", "02:30+05:30", "03-13T12:00+05:30", "03-16T12:00+05:30", "03-12T16:00+05:30"),
    (KOLKATA, "IN", "2027-11-07", "01:30", "01:30+05:30", "11-06T12:00+05:30", "11-09T12:00+05:30", "11-05T16:00+05:30"),
    (APIA, "WS", "2027-03-14", "02:30", "02:30+13:00", "03-13T12:00+13:00", "03-16T12:00+13:00", "03-12T16:00+13:00"),
    (APIA, "WS", "2027-11-07", "01:30", "01:30+13:00", "11-06T12:00+13:00", "11-09T12:00+13:00", "11-05T16:00+13:00"),
]  # fmt: skip


@pytest.mark.parametrize(("tz", "calendar", "day", "wall", "is_then", "before", "behind", "business"), TABLE)
def test_r10_each_form_of_a_rule_on_a_day_of_changing_clocks_names_one_instant_at_the_documented_side(
    *, tz: str, calendar: str, day: str, wall: str, is_then: str, before: str, behind: str, business: str
) -> None:
    zone, on = ZoneInfo(tz), date.fromisoformat(day)
    event_at = rules.instant_of(datetime.combine(on, time(12)), zone)
    same_time = datetime.fromisoformat(f"{day}T{is_then}")
    expected = {
        Fixed(datetime.combine(on, time.fromisoformat(wall)), tz): same_time,
        Wall(0, wall): same_time,
        Elapsed(24): datetime.fromisoformat(f"2027-{before}"),
        Elapsed(-48): datetime.fromisoformat(f"2027-{behind}"),
        Business(1, "16:00", calendar): datetime.fromisoformat(f"2027-{business}"),
    }
    assert {rule: rule.moment(event_at, zone) for rule in expected} == expected
    eve = rules.instant_of(datetime.combine(on + timedelta(1), time(12)), zone)
    assert Wall(1, wall).moment(eve, zone) == same_time
    assert Fixed(datetime.combine(on, time.fromisoformat(wall)), tz).moment(eve, ZoneInfo("UTC")) == same_time


def test_r10_a_day_that_a_place_left_out_is_taken_on_its_later_side() -> None:
    zone = ZoneInfo(APIA)
    new_year = datetime.fromisoformat("2012-01-01T10:00+14:00")
    left_out = Wall(2, "10:00").moment(new_year, zone)  # Friday 30 December 2011 did not come in Samoa
    assert left_out == datetime.fromisoformat("2011-12-31T10:00+14:00")


@pytest.mark.parametrize(
    ("event_on", "days", "calendar", "expected"),
    [
        ("2027-11-29", 1, "US", "2027-11-26"),  # the Monday after Thanksgiving: federal offices work on Friday
        ("2027-11-29", 1, "US-WA", "2027-11-24"),  # Washington does not: Native American Heritage Day
        ("2027-11-29", 2, "US", "2027-11-24"),  # Thanksgiving is no business day
        ("2027-11-25", 0, "US", "2027-11-24"),  # due on Thanksgiving itself: the day before
        ("2027-11-24", 0, "US", "2027-11-24"),
        ("2027-07-06", 1, "US", "2027-07-02"),  # 4 July is a Sunday, observed on Monday the 5th
        ("2027-06-21", 1, "US", "2027-06-17"),  # Juneteenth is a Saturday, observed on Friday the 18th
        ("2028-01-03", 1, "US", "2027-12-30"),  # New Year 2028 is a Saturday, observed on 31 December 2027
        ("2028-01-04", 5, "US", "2027-12-27"),  # over the year's end, Christmas observed on the 24th
        ("2027-12-30", -1, "US", "2028-01-03"),
        ("2027-12-23", -5, "US", "2028-01-03"),
        ("2027-03-08", 5, "US-DC", "2027-03-01"),  # five business days before: a plain week
        ("2027-04-19", 1, "US-DC", "2027-04-15"),  # Emancipation Day in the District
        ("2027-04-19", 1, "US-VA", "2027-04-16"),  # not beyond it
    ],
)
def test_r10_business_days_count_over_holidays_observed_days_and_the_end_of_the_year(
    event_on: str, days: int, calendar: str, expected: str
) -> None:
    assert calendars.business_day(date.fromisoformat(event_on), days, calendar) == date.fromisoformat(expected)


def test_r10_days_that_a_coalition_adds_are_no_business_days() -> None:
    noon = rules.instant_of(datetime(2027, 3, 10, 12), ZoneInfo(NEW_YORK))
    closed = (date(2027, 3, 8), date(2027, 3, 9))
    due = Business(1, "16:00", "US-NY", closed).moment(noon, ZoneInfo(NEW_YORK))
    assert due == datetime.fromisoformat("2027-03-05T16:00-05:00")


@pytest.mark.parametrize(
    "rule",
    [
        Fixed(datetime(2027, 3, 14, 2, 30), NEW_YORK),
        Elapsed(0.5),
        Elapsed(-48),
        Wall(1),
        Wall(-2, "16:00"),
        Business(5, "17:00", "US-WA", (date(2027, 1, 4),)),
    ],
)
def test_rule_as_data_comes_back_the_same(rule: rules.type_rule) -> None:
    assert rules.of_data(json.loads(json.dumps(rules.as_data(rule)))) == rule


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"form": "never"},
        {"form": "wall", "days": 1, "at": "25:00"},
        {"form": "wall", "days": 1, "at": "09:00\n"},
        {"form": "wall", "days": 10**9},
        {"form": "elapsed", "hours": "nan"},
        {"form": "business", "days": 1, "calendar": "US-ZZ"},
        {"form": "business", "days": 1, "calendar": ""},
        {"form": "fixed", "local": "soon", "tz": "UTC"},
        {"form": "fixed", "local": "2027-03-14T02:30", "tz": "../etc/passwd"},
    ],
)
def test_rule_of_data_that_is_none_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        rules.of_data(data)


def test_offset_of_a_reminder_is_never_behind_the_deadline() -> None:
    due_at, zone = datetime.fromisoformat("2027-03-10T12:00-05:00"), ZoneInfo(NEW_YORK)
    for late in (Elapsed(-2), Wall(0, "18:00"), Business(-1, "09:00"), Fixed(datetime(2028, 1, 1), NEW_YORK)):
        assert late.moment(due_at, zone) > due_at
        assert late.fire_at(due_at, zone) == due_at


def test_every_kind_of_the_field_has_words_and_what_is_usual_lies_on_its_side() -> None:
    assert set(kinds.LABELS) == set(kinds.DeadlineKind)
    event_at, zone = datetime.fromisoformat("2027-03-10T12:00-05:00"), ZoneInfo(NEW_YORK)
    days = {
        kind: [(rule.moment(event_at, zone) - event_at).days for rule in usual] for kind, usual in kinds.USUAL.items()
    }
    assert days["debrief_offer"] == [1]
    assert days["grievance_ack"] == [6]  # five working days from a Wednesday, less the hour of the clocks in between
    assert days["consent_expiry"] == [-30, -7]
    assert all(rules.of_data(rules.as_data(rule)) == rule for usual in kinds.USUAL.values() for rule in usual)
