"""What the pages say of the house, read from the house itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from babel import Locale
from babel.units import format_unit
from flask_babel import get_locale

from advocacy.web.manifest import house

MAX_DAYS = 92
MONTH = timedelta(days=30.44)


@dataclass(frozen=True)
class Kept:
    """A kind of data and for how long it stays, in words."""

    label: str
    how_long: str


def kept_data() -> list[Kept]:
    """The retention table of all rooms, shortest first: what the purge job works by is what people read."""
    locale = get_locale() or "en"
    items = sorted((item for item in house().retention if item.label), key=lambda item: item.keep)
    return [Kept(str(item.label), _in_words(item.keep, locale)) for item in items]


def _in_words(span: timedelta, locale: Locale | str) -> str:
    """Days up to three months, months beyond."""
    unit: Literal["day", "month"] = "day" if span.days <= MAX_DAYS else "month"
    size = timedelta(days=1) if unit == "day" else MONTH
    return format_unit(round(span / size), f"duration-{unit}", locale=locale)
