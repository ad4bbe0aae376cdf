"""Toy servers with one fault each: the drills that compare acknowledged with stored must find it.

``early``: answers before it stores. ``twice``: stores without asking what is there, and answers late.
``late-mail``: queues the mail in a second transaction. Started as ``python -m tests.support.toy_server FAULT PORT FILE``.
"""

from __future__ import annotations

import queue
import signal
import sqlite3
import sys
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from tests.support.signing_load import ACKNOWLEDGED, Stored

FAULTS = ("early", "twice", "late-mail")
WRITE_BEHIND_S = 0.2
SLOW_S = 0.05
SCHEMA = """
    CREATE TABLE IF NOT EXISTS signature (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS mail (id INTEGER PRIMARY KEY, signature_id INTEGER NOT NULL);
"""


class ToyStore:
    """Rows in SQLite behind one lock, with the fault asked for."""

    def __init__(self, file: Path, fault: str) -> None:
        self._connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + SCHEMA)
        self._lock = threading.Lock()
        self._fault = fault
        self._waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        if fault == "early":
            threading.Thread(target=self._write_behind, daemon=True).start()

    def take(self, email: str) -> None:
        if self._fault == "early":
            self._waiting.put(email)
            return
        self._store(email)
        if self._fault == "twice":
            time.sleep(SLOW_S)

    def _write_behind(self) -> None:
        while True:
            time.sleep(WRITE_BEHIND_S)
            while not self._waiting.empty():
                self._store(self._waiting.get())

    def _store(self, email: str) -> None:
        with self._lock:
            there = self._connection.execute("SELECT 1 FROM signature WHERE email = ?", (email,)).fetchone()
            if there and self._fault != "twice":
                return
            self._connection.execute("BEGIN IMMEDIATE")
            row = self._connection.execute("INSERT INTO signature (email) VALUES (?)", (email,)).lastrowid
            if self._fault == "late-mail":
                self._connection.execute("COMMIT")
                time.sleep(SLOW_S)
                self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("INSERT INTO mail (signature_id) VALUES (?)", (row,))
            self._connection.execute("COMMIT")


def stored(file: Path) -> dict[str, Stored]:
    """What the rows hold, by address."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute(
            "SELECT email, COUNT(DISTINCT s.id), COUNT(m.id) FROM signature s LEFT JOIN mail m ON m.signature_id = s.id "
            "GROUP BY email"
        ).fetchall()
    return {email: Stored(signatures, mails) for email, signatures, mails in rows}


def main(fault: str, port: int, file: Path) -> None:
    """Serve until killed."""
    store = ToyStore(file, fault)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(200)

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            store.take(form["email"][0])
            self._answer(ACKNOWLEDGED)

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *args: object) -> None:
            pass

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
