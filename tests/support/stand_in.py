"""A stand-in for a provider on loopback: answers as told, in every way a provider can fail."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

type_answer = Callable[[str, dict[str, list[str]]], Any]
SLOW_S = 0.2
BOMB_MB = 300


class StandIn:
    """What it was asked, and how it answers next: ``mode`` is one of ``MODES`` or ``ok``.

    What is posted counts as its question. With ``files`` it serves those by path, each with an ETag. ``answer`` gives JSON, or a status and JSON.
    """

    def __init__(self, answer: type_answer | None = None) -> None:
        self.mode = "ok"
        self.answer: type_answer = answer or (lambda path, query: {})
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        self.headers: list[dict[str, str]] = []
        self.elsewhere = ""
        self.base_url = ""
        self.files: dict[str, bytes] | None = None
        self.last_modified = ""

    def paths(self) -> list[str]:
        """The paths it was asked for."""
        return [path for path, _query in self.asked]


@contextmanager
def serve(answer: type_answer | None = None) -> Iterator[StandIn]:
    """Run one until the block ends."""
    stand_in = StandIn(answer)
    packed_bomb()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            posted = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            given = parse_qs(posted or parts.query)
            stand_in.asked.append((parts.path, given))
            stand_in.headers.append({name.lower(): value for name, value in self.headers.items()})
            if stand_in.mode == "ok" and stand_in.files is not None:
                self.send_file(stand_in.files.get(parts.path))
            elif stand_in.mode == "ok":
                found = stand_in.answer(parts.path, given)
                status, body = found if isinstance(found, tuple) else (200, found)
                self.send(status, json.dumps(body).encode())
            else:
                MODES[stand_in.mode](self)

        def send(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def send_file(self, body: bytes | None) -> None:
            if body is None:
                self.send(404, b"<html>none</html>", "text/html")
                return
            tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            said = {"ETag": tag} | ({"Last_Modified": stand_in.last_modified} if stand_in.last_modified else {})
            is_same = self.headers.get("If-None-Match") == tag
            self.send(304 if is_same else 200, b"" if is_same else body, "application/octet-stream", **said)

        def handle(self) -> None:
            with contextlib.suppress(OSError):  # the caller may have gone
                super().handle()

        def log_message(self, *args: object) -> None:
            pass

    Handler.do_POST = Handler.do_GET  # type: ignore[attr-defined]
    Handler.stand_in = stand_in  # type: ignore[attr-defined]
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stand_in.base_url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()


def _drip(handler: Any, head: bytes) -> None:
    for byte in head:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(SLOW_S)
    handler.close_connection = True


def _reset(handler: Any) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True
    handler.wfile = io.BytesIO()


def _truncated(handler: Any) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"result": {"addressMatches": [')
    handler.close_connection = True


@lru_cache(maxsize=1)
def packed_bomb() -> bytes:
    """Hundreds of megabytes in a few hundred kilobytes; packed once, before anybody's time is measured."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1) as out:
        for _mb in range(BOMB_MB):
            out.write(b" " * 2**20)
    return packed.getvalue()


def _bomb(handler: Any, status: int = 200, **headers: str) -> None:
    handler.send(status, packed_bomb(), Content_Encoding="gzip", **headers)


def _endless(handler: Any) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    for _part in range(100):
        handler.wfile.write(b" " * 2**20)
    handler.close_connection = True


def _hang(handler: Any) -> None:
    time.sleep(6)
    handler.close_connection = True


def _elsewhere(handler: Any) -> None:
    handler.send(302, b"", Location=handler.stand_in.elsewhere)


MODES: dict[str, Callable[[Any], None]] = {
    "hang": _hang,
    "slow": lambda handler: _drip(
        handler, b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{" + b" " * 900
    ),
    "minute": lambda handler: handler.send(429, b'{"detail": "exceeded limit of 10/min: 12"}'),
    "day": lambda handler: handler.send(429, b'{"detail": "exceeded limit of 250/day: 251"}'),
    "retry_after": lambda handler: handler.send(429, b"<html>slow down</html>", "text/html", Retry_After="900"),
    "forbidden": lambda handler: handler.send(403, b"Rate limit exceeded", "text/html; charset=utf-8"),
    "key": lambda handler: handler.send(401, b'{"detail": "Invalid API Key."}'),
    "server": lambda handler: handler.send(500, b'{"detail": "Failed at lat=44.9778&lng=-93.265"}'),
    "gateway": lambda handler: handler.send(502, b"<html>502</html>", "text/html"),
    "html": lambda handler: handler.send(200, b"<html>Please wait</html>", "text/html"),
    "untyped": lambda handler: handler.send(200, b'{"result": {"addressMatches": []}}', "text/plain"),
    "garbage": lambda handler: handler.send(200, b"\x00\xff\xfe{{{"),
    "truncated": _truncated,
    "error_inside": lambda handler: handler.send(200, b'{"error": {"code": 400, "message": "Invalid field"}}'),
    "shape": lambda handler: handler.send(200, b'{"result": {"addressMatches": "none"}}'),
    "not_a_number": lambda handler: handler.send(200, b'{"result": {"addressMatches": [], "x": NaN}}'),
    "deep": lambda handler: handler.send(200, b"[" * 500_000),
    "long_number": lambda handler: handler.send(200, b'{"result": ' + b"9" * 100_000 + b"}"),
    "bomb": _bomb,
    "endless": _endless,
    "redirect": _elsewhere,
    "bomb_on_the_way": lambda handler: _bomb(handler, 302, Location="/again"),
    "bomb_of_an_error": lambda handler: _bomb(handler, 500),
    "reset": _reset,
}
