"""Requests as bytes on a socket: what no client library would send."""

from __future__ import annotations

import contextlib
import re
import socket
from dataclasses import dataclass

HEAD = b"Host: localhost\r\nConnection: close\r\n"


@dataclass(frozen=True)
class Answer:
    """What came back on the connection, and how many answers it was."""

    status: int
    head: str
    body: bytes
    count: int

    def header(self, name: str) -> str | None:
        found = re.search(rf"^{re.escape(name)}:[ \t]*(.*?)\r?$", self.head, re.MULTILINE | re.IGNORECASE)
        return found[1] if found else None


def send(port: int, request: bytes, within_s: float = 15) -> Answer:
    """Send bytes, read until the server closes; status 0 where it closed without a word."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), timeout=within_s) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(request)
        with contextlib.suppress(ConnectionResetError, TimeoutError):
            while piece := connection.recv(65536):
                got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    status = int(head[9:12]) if head.startswith(b"HTTP/1.") else 0
    count = len(re.findall(rb"HTTP/1\.[01] \d{3} ", got))
    return Answer(status, head.decode("latin-1"), body, count)


def get(port: int, path: str = "/healthz", *headers: bytes, method: str = "GET") -> Answer:
    lines = b"".join(header + b"\r\n" for header in headers)
    return send(port, f"{method} {path} HTTP/1.1\r\n".encode() + HEAD + lines + b"\r\n")


def post(port: int, body: bytes, *headers: bytes, path: str = "/sign-in", length: bool = True) -> Answer:
    lines = b"".join(header + b"\r\n" for header in headers)
    if length:
        lines += f"Content-Length: {len(body)}\r\n".encode()
    return send(port, f"POST {path} HTTP/1.1\r\n".encode() + HEAD + lines + b"\r\n" + body)
