"""Seats that somebody held before the present one, as a pack tells of them: for the record, not for look-ups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from advocacy.civic.models import Chamber

MOST = 30
type_seat = tuple[str, Chamber] | None
type_days = tuple[date | None, date | None]


def past(
    entries: Iterable[Any], seat: Callable[[Any], type_seat], days: Callable[[Any], type_days]
) -> tuple[dict[str, str], ...]:
    """The latest of them, newest first; what names no seat or no day is left out, a fault here refuses no pack."""
    found: list[tuple[date, dict[str, str]]] = []
    for entry in entries:
        held = seat(entry) if isinstance(entry, dict) else None
        begins, ends = days(entry) if held is not None else (None, None)
        if held is not None and begins is not None and (ends is None or begins < ends):
            ocd_id, chamber = held
            told = {"division": ocd_id, "chamber": str(chamber), "starts_on": begins.isoformat()}
            found.append((begins, {**told, "ends_on": ends.isoformat()} if ends else told))
    return tuple(told for _day, told in sorted(found, key=lambda one: one[0], reverse=True)[:MOST])


def read(stored: Sequence[dict[str, str]]) -> tuple[tuple[str, Chamber, date, date | None], ...]:
    """What ``past`` made, from its column."""
    return tuple(
        (
            one["division"],
            Chamber(one["chamber"]),
            date.fromisoformat(one["starts_on"]),
            date.fromisoformat(one["ends_on"]) if "ends_on" in one else None,
        )
        for one in stored
    )
