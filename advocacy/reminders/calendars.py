"""Which days are business days where: weekends and public holidays of a country or one of its parts, by name.

A calendar is named as ISO 3166 names places: ``US`` (federal holidays), ``US-WA`` (those of the state too).
Holidays that fall on a weekend are kept on the day on which they are observed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache

import holidays

ONE_DAY = timedelta(days=1)


def is_calendar(code: str) -> bool:
    """Whether there is a holiday calendar of this name."""
    country, _dash, part = code.partition("-")
    parts = holidays.list_supported_countries(include_aliases=False).get(country)
    return parts is not None and (code == country or part in parts)


@lru_cache(maxsize=1)
def of_united_states() -> tuple[str, ...]:
    """The names of the calendars of the United States: federal first, then state by state."""
    parts = holidays.list_supported_countries(include_aliases=False)["US"]
    return ("US", *(f"US-{part}" for part in sorted(parts)))


def is_business_day(on: date, calendar: str, closed: Collection[date] = ()) -> bool:
    """Whether offices are open: no weekend, no holiday of ``calendar``, none of the days ``closed``."""
    return on not in closed and _year(calendar, on.year).is_working_day(on)


def business_day(event_on: date, days: int, calendar: str, closed: Collection[date] = ()) -> date:
    """The business day so many business days before a day, or behind it when ``days`` is negative.

    With 0 it is the day itself if offices are open, else the last one before it.
    """
    step = ONE_DAY if days < 0 else -ONE_DAY
    found, left = event_on, abs(days)
    if left == 0:
        while not is_business_day(found, calendar, closed):
            found += step
    while left:
        found += step
        left -= is_business_day(found, calendar, closed)
    return found


@lru_cache(maxsize=512)
def _year(calendar: str, year: int) -> holidays.HolidayBase:
    """A year's holidays, complete: one that grew with each question would be read half made by another thread."""
    country, _dash, part = calendar.partition("-")
    return holidays.country_holidays(country, subdiv=part or None, years=[year], expand=False)
