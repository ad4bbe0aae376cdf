"""Take back what a request wrote, so that the next one meets the same rows: for tests that send very many requests."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from advocacy.core import uow
from advocacy.core.db import db

BUSY_S = 10


class Rewind:
    """The database as it was; SQLite only."""

    def __init__(self, file: str) -> None:
        self._there = sqlite3.connect(file, timeout=BUSY_S)
        self._there.execute("PRAGMA synchronous=OFF")
        self._then = sqlite3.connect(":memory:")
        self._there.backup(self._then)
        self._seen = self._version()

    def _version(self) -> int:
        """A number that changes when another connection commits."""
        return int(self._there.execute("PRAGMA data_version").fetchone()[0])

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows as they are now, by table."""
        tables = self._there.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        found = {name: self._there.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in tables}  # noqa: S608 - ours
        return {name: sorted(rows, key=repr) for name, rows in found.items()}

    def back(self) -> bool:
        """Put the rows back; gives whether anything had changed."""
        if self._version() == self._seen:
            return False
        self._then.backup(self._there)
        self._seen = self._version()
        return True

    def close(self) -> None:
        """Leave the files alone again."""
        self._there.close()
        self._then.close()


@contextmanager
def rewinding() -> Iterator[Rewind]:
    """Remember the rows as they are now."""
    uow.rollback()
    db.session.remove()
    made = Rewind(str(db.engine.url.database))
    try:
        yield made
    finally:
        made.close()
