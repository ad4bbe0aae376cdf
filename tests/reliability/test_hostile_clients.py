"""R-31, R-32: slow and greedy clients, against the server as ``make run`` starts it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from tests.reliability.conftest import Running
from tests.support.hostile_clients import SlowClients, exchange, health_times, memory_mb
from tests.support.signing_load import percentile, sign_once

pytestmark = pytest.mark.xdist_group("reliability")

FORM = "application/x-www-form-urlencoded"
MOST_MB = 300


def test_r31_three_hundred_slow_headers_and_bodies_leave_others_served(running: Running) -> None:
    slug = running.new_petition()
    with SlowClients(running.server.port, f"/petitions/{slug}/signatures", headers=300, bodies=300) as slow:
        first = health_times(running.server.port, 4.0)
        assert slow.opened == 600
        assert slow.open_count > 500, "the slow clients were not there"  # control
        assert sign_once(running.url, slug, f"patient-{slug}@example.org", address="192.0.2.31")[0] == 303
        times = first + health_times(running.server.port, 8.0)
    assert len(times) > 20
    assert percentile(times, 0.99) < 2.0


def _head(path: str, *headers: str, method: str = "POST") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode()


def _huge(path: str) -> Iterator[bytes]:
    yield _head(path, f"Content-Type: {FORM}", f"Content-Length: {64 * 2**20}")
    for _ in range(64):
        yield b"a" * 2**20


def _huge_without_length(path: str) -> Iterator[bytes]:
    yield _head(path, f"Content-Type: {FORM}", "Transfer-Encoding: chunked")
    while True:
        yield b"10000\r\n" + b"a" * 0x10000 + b"\r\n"


def _many_fields(path: str) -> Iterator[bytes]:
    body = "&".join(f"field{number}=value" for number in range(100_000)).encode()
    yield _head(path, f"Content-Type: {FORM}", f"Content-Length: {len(body)}")
    yield body


def _many_parts(path: str) -> Iterator[bytes]:
    part = '--x\r\nContent-Disposition: form-data; name="p{}"\r\n\r\nv\r\n'
    body = ("".join(part.format(number) for number in range(20_000)) + "--x--\r\n").encode()
    yield _head(path, "Content-Type: multipart/form-data; boundary=x", f"Content-Length: {len(body)}")
    yield body


def _big_headers(path: str) -> Iterator[bytes]:
    yield f"GET {path} HTTP/1.1\r\nHost: localhost\r\n".encode()
    for number in range(64):
        yield f"X-Big-{number}: ".encode() + b"a" * 16_000 + b"\r\n"
    yield b"\r\n"


def _broken_off(path: str) -> Iterator[bytes]:
    yield _head(path, f"Content-Type: {FORM}", "Content-Length: -5")


GREEDY: dict[str, tuple[Callable[[str], Iterator[bytes]], set[int]]] = {
    "64 MB body": (_huge, {413}),
    "endless chunks": (_huge_without_length, {411, 413}),
    "100,000 fields": (_many_fields, {400, 413}),
    "20,000 parts": (_many_parts, {400, 413}),
    "1 MB of headers": (_big_headers, {400, 431, 0}),
    "negative length": (_broken_off, {400, 0}),
}


@pytest.mark.parametrize("name", GREEDY)
def test_r32_greedy_requests_are_refused_without_harm(running: Running, name: str) -> None:
    pieces, wanted = GREEDY[name]
    path = f"/petitions/{running.new_petition()}/signatures"
    before = memory_mb(running.server.processes())
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(exchange(running.server.port, pieces(path))), daemon=True)
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    times = health_times(running.server.port, 1.5)
    for thread in threads:
        thread.join(60)
    assert len(statuses) == 8
    assert set(statuses) <= wanted, statuses
    assert memory_mb(running.server.processes()) - before < MOST_MB
    assert percentile(times, 0.99) < 2.0
