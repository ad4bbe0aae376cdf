"""Freeze a process as a stalled machine does: SIGSTOP now, SIGCONT when others have gone on without it."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import time

from sqlalchemy.engine import make_url


def freeze(pid: int, database_url: str) -> None:
    """SIGSTOP between its transactions: one that is frozen inside keeps SQLite's lock, as the system gives it."""
    url = make_url(database_url)
    while True:
        os.kill(pid, signal.SIGSTOP)
        time.sleep(0.05)
        if url.get_backend_name() != "sqlite" or _is_writable(str(url.database)):
            return
        thaw(pid)
        time.sleep(0.01)


def thaw(pid: int) -> None:
    """Let it go on, as if nothing had been."""
    os.kill(pid, signal.SIGCONT)


def _is_writable(file: str) -> bool:
    with contextlib.closing(sqlite3.connect(file, timeout=0.2, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        connection.execute("ROLLBACK")
        return True
