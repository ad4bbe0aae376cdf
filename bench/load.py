"""A light load generator on loopback: keep-alive connections in one thread, requests built beforehand.

It counts answers by status, keeps latencies, and charges CPU to the server's process tree from ``/proc``.
"""

from __future__ import annotations

import os
import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
type_step = bytes | Callable[[bytes], bytes]
"""A request, or what makes it from the answer before (a cookie, a token)."""
type_next = Callable[[], list[type_step] | None]


@dataclass
class Result:
    """What came back: ``visits`` whole visits, statuses, latencies (s) of each request, seconds, server CPU (s)."""

    visits: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    took_s: float = 0.0
    cpu_s: float = 0.0

    @property
    def rate(self) -> float:
        """Visits per second."""
        return self.visits / self.took_s if self.took_s else 0.0

    @property
    def cpu_ms(self) -> float:
        """Server CPU per visit, in milliseconds."""
        return self.cpu_s * 1000 / self.visits if self.visits else 0.0

    def percentile(self, share: float) -> float:
        """A latency percentile in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


def tree_of(pids: Iterable[int]) -> set[int]:
    """The processes and all their descendants."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found = set(pids)
    while True:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        if not more:
            return found
        found |= more


def cpu_of(pids: Iterable[int]) -> float:
    """User and system seconds of process trees, reaped children included."""
    total = 0
    for pid in tree_of(pids):
        try:
            parts = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(part) for part in parts[11:15])
    return total / TICKS


def get(path: str, headers: str = "") -> bytes:
    """A GET request as bytes."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode()


def post(path: str, body: str, headers: str = "") -> bytes:
    """A form post as bytes."""
    data = body.encode()
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(data)}\r\n{headers}\r\n"
    ).encode() + data


class _Connection:
    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.waiting: list[type_step] = []
        self.answer = b""
        self.buffer = b""
        self.need = -1
        self.status = 0
        self.sent_at = 0.0

    def send_next(self) -> None:
        step = self.waiting.pop(0)
        request = step if isinstance(step, bytes) else step(self.answer)
        self.sent_at = time.perf_counter()
        self.socket.setblocking(True)
        self.socket.sendall(request)
        self.socket.setblocking(False)

    def take(self) -> bool:
        """Read what is there; whether the answer is whole."""
        data = self.socket.recv(262144)
        if not data:
            message = "the server closed the connection"
            raise ConnectionError(message)
        self.buffer += data
        if self.need < 0:
            head_end = self.buffer.find(b"\r\n\r\n")
            if head_end < 0:
                return False
            head = self.buffer[:head_end].lower()
            self.status = int(head[9:12])
            at = head.find(b"content-length:")
            length = (
                int(head[at + 15 : head.find(b"\r", at + 15) if head.find(b"\r", at) > 0 else None]) if at > 0 else 0
            )
            self.need = head_end + 4 + length
        if len(self.buffer) < self.need:
            return False
        self.answer, self.buffer, self.need = self.buffer[: self.need], self.buffer[self.need :], -1
        return True


def run(port: int, next_visit: type_next, *, seconds: float, connections: int, server_pids: Iterable[int]) -> Result:
    """Closed loop: each connection starts its next visit when the last is answered."""
    result = Result()
    pids = list(server_pids)
    chooser = selectors.DefaultSelector()
    open_connections = [_Connection(("127.0.0.1", port)) for _ in range(connections)]
    cpu_before, began = cpu_of(pids), time.perf_counter()
    busy = 0
    for connection in open_connections:
        chooser.register(connection.socket, selectors.EVENT_READ, connection)
        connection.waiting = next_visit() or []
        if connection.waiting:
            connection.send_next()
            busy += 1
    end = began + seconds
    while busy:
        for key, _events in chooser.select(timeout=30):
            connection = key.data
            if not connection.take():
                continue
            now = time.perf_counter()
            result.latencies.append(now - connection.sent_at)
            result.statuses[connection.status] += 1
            if not connection.waiting:
                result.visits += 1
                connection.waiting = (next_visit() or []) if now < end else []
                if not connection.waiting:
                    busy -= 1
                    continue
            connection.send_next()
    result.took_s = time.perf_counter() - began
    result.cpu_s = cpu_of(pids) - cpu_before
    for connection in open_connections:
        chooser.unregister(connection.socket)
        connection.socket.close()
    return result
