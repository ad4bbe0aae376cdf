"""Whose turn it is to write to SQLite.

SQLite lets writers of several threads and processes wait by sleeping up to 100 ms between tries, and some starve. A
lock of the process and, beside the database, a lock file of the machine give the turn on within milliseconds. Both are
advice: ``BEGIN IMMEDIATE`` and ``busy_timeout`` still stand under them, for programs that do not know the file.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time

from sqlalchemy.pool import ConnectionPoolEntry

from advocacy.core import clock

FIRST_SLEEP_S, LONGEST_SLEEP_S = 0.0002, 0.004


class WriteTurn:
    """One writer at a time; the turn ends when its connection goes back to the pool."""

    def __init__(self, database: str | None, wait_s: float) -> None:
        self._threads = threading.Lock()
        self._path = f"{database}-turn" if database and database != ":memory:" else None
        self._file: tuple[int, int] | None = None
        self._wait_s = wait_s

    def take(self, record: ConnectionPoolEntry) -> None:
        """Wait for the turn.

        Raises: sqlite3.OperationalError when it does not come in time.
        """
        if record.info.get("has_turn"):
            return
        until = clock.monotonic() + self._wait_s
        if not self._threads.acquire(timeout=self._wait_s):
            raise sqlite3.OperationalError(_LOCKED)
        try:
            self._lock_file(until)
        except BaseException:
            self._threads.release()
            raise
        record.info["has_turn"] = True

    def drop(self, record: ConnectionPoolEntry) -> None:
        """Give the turn on."""
        if record.info.pop("has_turn", False):
            handle = self._handle()
            if handle is not None:
                fcntl.flock(handle, fcntl.LOCK_UN)
            self._threads.release()

    def _lock_file(self, until: float) -> None:
        handle, sleep_s = self._handle(), FIRST_SLEEP_S
        while handle is not None:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if clock.monotonic() > until:
                    raise sqlite3.OperationalError(_LOCKED) from None
                time.sleep(sleep_s)
                sleep_s = min(sleep_s * 1.5, LONGEST_SLEEP_S)
            else:
                return

    def _handle(self) -> int | None:
        """This process's own handle: one taken over from a parent would share the parent's turn."""
        if self._path is None:
            return None
        if self._file is None or self._file[0] != os.getpid():
            try:
                self._file = (os.getpid(), os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            except OSError:  # a full disk or a folder that cannot be written: SQLite's own waiting is left
                self._path = None
                return None
        return self._file[1]


_LOCKED = "database is locked: another writer has held its turn too long"
