"""Take a request's body whole before the application sees it.

The WSGI server hands a thread to a request when its headers are there, so a client that dribbles its body holds a
thread for as long as it likes. Here is the guard against that: bodies have a time limit, some threads are always left
for requests without one, and a body that broke off is refused (the server passes it on as if it were complete).
"""

from __future__ import annotations

import contextlib
import io
import os
import socket
import struct
import sys
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from advocacy.core import clock, logs

log = logs.get("web")
type_wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

PATIENCE_S = 15.0
BYTES_PER_S = 10_000
"""A body may take ``PATIENCE_S`` and what this rate allows: a large upload on a poor line needs minutes."""
RESERVE = 64
"""Threads that bodies never take."""
WAIT_S = 1.0
_LAST_SENT = struct.Struct("=44xI")
"""``tcpi_last_data_sent`` in Linux's ``struct tcp_info``: milliseconds since this side last sent anything."""


class BodyGate:
    """WSGI middleware; one for each process."""

    def __init__(self, inner: type_wsgi, *, threads: int, max_bytes: int, port: int) -> None:
        self._inner = inner
        self._max_bytes = max_bytes
        self._port = port
        self._slots = threading.BoundedSemaphore(max(4, threads - RESERVE))
        self._reading: dict[int, tuple[float, str]] = {}
        self._watched = threading.Lock()
        self._watching = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Read the body, then go on."""
        length = environ.get("CONTENT_LENGTH")
        if not length or length == "0" or not length.isascii() or not length.isdigit():
            return self._inner(environ, start_response)
        if int(length) > self._max_bytes:
            return self._inner(environ, start_response)  # refused there unread
        if not self._slots.acquire(timeout=WAIT_S):
            return _answer(start_response, "503 Service Unavailable", "Busy. Please try again in a moment.\n")
        try:
            body = self._read(environ, int(length))
        finally:
            self._slots.release()
        if len(body) != int(length):
            return _answer(start_response, "400 Bad Request", "The request broke off.\n")
        environ["wsgi.input"] = io.BytesIO(body)
        return self._inner(environ, start_response)

    def _read(self, environ: dict[str, Any], length: int) -> bytes:
        me = threading.get_ident()
        until = clock.monotonic() + PATIENCE_S + length / BYTES_PER_S
        self._reading[me] = (until, environ.get("REMOTE_ADDR", ""))
        if not self._watching:
            self._begin_to_watch()
        try:
            body: bytes = environ["wsgi.input"].read(length)
        except OSError:
            return b""
        else:
            return body
        finally:
            del self._reading[me]

    # --- cutting off ----------------------------------------------------------------------------------------------

    def _begin_to_watch(self) -> None:
        with self._watched:
            if not self._watching and sys.platform == "linux":
                threading.Thread(target=_watch, args=(weakref.ref(self),), name="bodies", daemon=True).start()
            self._watching = True

    def cut_late(self) -> None:
        """Shut the connections whose bodies are late."""
        now = clock.monotonic()
        late = Counter(address for until, address in list(self._reading.values()) if until < now and address)
        if late:
            log.warning("slow_bodies_cut", bodies=late.total(), addresses=len(late), cut=_cut(set(late), self._port))


def _watch(gate: weakref.ref[BodyGate]) -> None:
    """Look every second, as long as the gate is used; the thread must not keep its application alive."""
    pause = threading.Event()
    while not pause.wait(1.0):
        found = gate()
        if found is None:
            return
        found.cut_late()
        del found


def _cut(addresses: set[str], port: int) -> int:
    """Shut the connections from ``addresses`` to our ``port`` on which nothing was sent for long, and say how many.

    The server does not tell which connection a request came on. Those of a late body have long been silent on our
    side; an idle one that is kept alive may be shut as well, which HTTP allows at any time.
    """
    cut = 0
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError, IndexError):  # closed meanwhile, or no socket of the network
            handle = os.dup(int(entry.name))
            try:
                connection = socket.socket(fileno=handle)
            except OSError:
                os.close(handle)
                raise
            with connection:
                if connection.getsockname()[1] != port or connection.getpeername()[0] not in addresses:
                    continue
                (silent_ms,) = _LAST_SENT.unpack(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 48))
                if silent_ms > PATIENCE_S * 1000:
                    connection.shutdown(socket.SHUT_RDWR)
                    cut += 1
    return cut


def _answer(start_response: Callable[..., Any], status: str, text: str) -> list[bytes]:
    body = text.encode()
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    if status.startswith("503"):
        headers.append(("Retry-After", "2"))
    start_response(status, headers)
    return [body]
