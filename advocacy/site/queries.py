"""What the pages say of the house, read from the house itself."""

from __future__ import annotations

from dataclasses import dataclass

from babel.dates import format_timedelta
from flask_babel import get_locale

from advocacy.web.manifest import house


@dataclass(frozen=True)
class Kept:
    """A kind of data and for how long it stays, in words."""

    label: str
    how_long: str


def kept_data() -> list[Kept]:
    """The retention table of all rooms, shortest first: what the purge job works by is what people read."""
    locale = get_locale() or "en"
    items = sorted((item for item in house().retention if item.label), key=lambda item: item.keep)
    return [Kept(str(item.label), str(format_timedelta(item.keep, threshold=3, locale=locale))) for item in items]
