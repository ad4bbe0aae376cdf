"""Counting with a bound: a page says "1,000+" rather than walk over every row (a count over all rows is for jobs)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select

MOST = 1000


class Counted(int):
    """How many rows there are, as far as they were counted; beyond ``MOST`` it reads "1,000+"."""

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return int(self) > MOST

    def __str__(self) -> str:
        """Give the number for people."""
        return f"{min(int(self), MOST):,}" + ("+" if self.is_more else "")

    def __format__(self, spec: str) -> str:
        """Give the number for people, whatever form is asked for."""
        del spec
        return str(self)


NONE = Counted(0)


def counted_rows(wanted: Select[*tuple[Any, ...]]) -> ScalarSelect[int]:
    """A column that counts the rows of a select, one row past the bound at most.

    Needs: an index that gives the rows of ``wanted`` without a walk over others.
    """
    return select(func.count()).select_from(wanted.limit(MOST + 1).subquery()).scalar_subquery()
