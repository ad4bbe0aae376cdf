"""Clients that mean harm, or know no better: they dribble, send without end, send too much of everything."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

DRIP_S = 0.5


class SlowClients:
    """``headers`` connections whose headers never end and ``bodies`` whose form never arrives, a byte at a time."""

    def __init__(self, port: int, path: str, *, headers: int, bodies: int) -> None:
        self._port = port
        post = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        self._starts = [b"GET /petitions HTTP/1.1\r\nHost: localhost\r\n"] * headers
        self._starts += [f"{post}Content-Length: 5000\r\n\r\nname=".encode()] * bodies
        self._drips = [b"X-Slow: y\r\n"] * headers + [b"a"] * bodies
        self._sockets: dict[int, socket.socket] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._drip, daemon=True)
        self.opened = 0
        self.most_open = 0

    def __enter__(self) -> Self:
        for number, start in enumerate(self._starts):
            connection = socket.create_connection(("127.0.0.1", self._port), timeout=10)
            connection.sendall(start)
            connection.setblocking(False)
            self._sockets[number] = connection
            self.opened += 1
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        self._stop.set()
        self._thread.join()
        for connection in self._sockets.values():
            connection.close()

    @property
    def open_count(self) -> int:
        """How many the server has not cut off."""
        return len(self._sockets)

    def _drip(self) -> None:
        while not self._stop.wait(DRIP_S):
            for number, connection in list(self._sockets.items()):
                try:
                    connection.send(self._drips[number])
                    if connection.recv(65536) == b"":
                        raise ConnectionResetError
                except BlockingIOError:
                    continue
                except OSError:
                    connection.close()
                    del self._sockets[number]


def exchange(port: int, pieces: Iterable[bytes], within_s: float = 20.0) -> int:
    """Send ``pieces`` until the server answers or hangs up; gives the status, 0 where it only hung up."""
    until = time.monotonic() + within_s
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.setblocking(False)
        with selectors.DefaultSelector() as chooser, contextlib.suppress(ConnectionError):
            chooser.register(connection, selectors.EVENT_READ | selectors.EVENT_WRITE)
            waiting, source = b"", iter(pieces)
            while b"\r\n" not in answer:
                assert time.monotonic() < until, f"no answer within {within_s} s"
                for _key, events in chooser.select(0.5):
                    if events & selectors.EVENT_READ:
                        got = connection.recv(65536)
                        if not got:
                            return _status(answer)
                        answer += got
                    elif events & selectors.EVENT_WRITE:
                        waiting = waiting or next(source, b"")
                        if not waiting:
                            chooser.modify(connection, selectors.EVENT_READ)
                            continue
                        try:
                            waiting = waiting[connection.send(waiting) :]
                        except ConnectionError:  # hung up while we spoke; what it said before is still there to read
                            chooser.modify(connection, selectors.EVENT_READ)
    return _status(answer)


def _status(answer: bytes) -> int:
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.") else 0


def health_times(port: int, seconds: float, pause_s: float = 0.05) -> list[float]:
    """How long ``/healthz`` took, asked again and again over connections of its own; a failure counts as 60 s."""
    found = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            is_well = requests.get(f"http://127.0.0.1:{port}/healthz", timeout=10).status_code == 200
        except requests.RequestException:
            is_well = False
        found.append(time.monotonic() - began if is_well else 60.0)
        time.sleep(pause_s)
    return found


def memory_mb(pids: Iterable[int]) -> float:
    """Resident memory of processes together."""
    pages = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
