"""Connections that go only to addresses that were checked, and that another thread can cut."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Any, Self

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import create_connection

from advocacy.core import clock
from advocacy.core.addresses import is_loopback, is_public

PORTS = frozenset({80, 443})
_in_hand = threading.local()


class Refused(OSError):
    """The name leads to an address that must not be called."""


_LEAST_S = 0.05
_CUT_AGAIN_S = 0.1


class CallInHand:
    """The call that this thread makes: which connection it uses, so that it can be ended in time."""

    def __init__(self) -> None:
        self.connection: HTTPConnection | None = None
        self.was_cut = False

    def __enter__(self) -> Self:
        _in_hand.call = self
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        _in_hand.call = None

    def cut_after(self, seconds: float, is_over: threading.Event) -> None:
        """End the connection once the time is up, and again until the call is over: it may just be connecting."""
        wait = seconds
        while not is_over.wait(wait):
            self.cut()
            wait = _CUT_AGAIN_S

    def cut(self) -> None:
        """End the connection under the reader."""
        self.was_cut = True
        found = self.connection.sock if self.connection is not None else None
        if found is not None:
            with contextlib.suppress(OSError):  # it may have ended meanwhile
                found.shutdown(socket.SHUT_RDWR)


def _take_in_hand(connection: HTTPConnection) -> None:
    call: CallInHand | None = getattr(_in_hand, "call", None)
    if call is not None:
        call.connection = connection


class _Pinned(HTTPConnection):
    """Before urllib3's own classes: where it connects, and who uses it."""

    may_be_near = False

    def _new_conn(self) -> socket.socket:
        _take_in_hand(self)
        return _connect(self, may_be_near=self.may_be_near)

    def request(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - urllib3's signature
        """Remember who uses this connection, then send."""
        _take_in_hand(self)
        super().request(*args, **kwargs)


class _PinnedHttps(_Pinned, HTTPSConnection):
    """The same, with urllib3's checks of the certificate."""


class _NearHttp(_Pinned):
    may_be_near = True


class _NearHttps(_PinnedHttps):
    may_be_near = True


class _FarPool(HTTPConnectionPool):
    ConnectionCls = _Pinned


class _FarPools(HTTPSConnectionPool):
    ConnectionCls = _PinnedHttps


class _NearPool(HTTPConnectionPool):
    ConnectionCls = _NearHttp


class _NearPools(HTTPSConnectionPool):
    ConnectionCls = _NearHttps


class PinnedAdapter(HTTPAdapter):
    """Connects to checked addresses; to loopback only where ``host``, by an operator's word, is loopback."""

    def __init__(self, host: str) -> None:
        self._is_near = host == "localhost" or is_loopback(host)
        super().__init__(pool_connections=2, pool_maxsize=8, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - requests' signature
        """Make the pools of our own connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = (
            {"http": _NearPool, "https": _NearPools} if self._is_near else {"http": _FarPool, "https": _FarPools}
        )


def _connect(connection: HTTPConnection, *, may_be_near: bool) -> socket.socket:
    end = clock.monotonic() + float(connection.timeout or 0)  # name, connection and handshake share it
    found = _resolve(connection.host, connection.port, float(connection.timeout or 0))
    if found is None:
        msg = "no address in time"
        raise ConnectTimeoutError(connection, msg)
    for ip in found:
        if not (is_loopback(ip) if may_be_near else is_public(ip) and connection.port in PORTS):
            raise Refused
    failure: OSError | None = None
    for tries_left, ip in zip((2, 1) if len(found) > 1 else (1,), found, strict=False):
        part = max(_LEAST_S, (end - clock.monotonic()) / tries_left)
        try:
            made = create_connection((ip, connection.port), part, socket_options=connection.socket_options)
        except OSError as error:
            failure = error
        else:
            made.settimeout(max(_LEAST_S, end - clock.monotonic()))
            return made
    msg = "no connection"
    raise NewConnectionError(connection, msg) from failure


def _resolve(host: str, port: int, wait_s: float) -> list[str] | None:
    """The addresses of a name; ``None`` when nobody told in time (the resolver itself knows no time-out)."""
    found: list[list[str]] = []

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.append(list(dict.fromkeys(str(row[4][0]) for row in rows)))
        except (OSError, UnicodeError):
            found.append([])

    asking = threading.Thread(target=ask, daemon=True, name="resolve")
    asking.start()
    asking.join(wait_s)
    return found[0] if found else None
