"""Keyset paging: a page is found by the last row's key, so page 400 costs what page 1 costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows and the key after which the next page begins (``None`` on the last)."""

    rows: Sequence[Row]
    next_after: int | None


def take_page(rows: Sequence[Row], size: int, key: str = "id") -> Page[Row]:
    """Make a page of ``size`` from ``size + 1`` fetched rows."""
    shown = rows[:size]
    return Page(shown, int(getattr(shown[-1], key)) if len(rows) > size else None)
