"""A small cache of public pages, in front of Flask: a crowd on one page costs one rendering a moment.

A view marks its answer with ``respond.cacheable``. Only whole answers (200) to GET without a query string are kept,
per path and language; while one request renders a page anew, the others get the copy just gone stale.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from advocacy.core import clock

MARK = "X-Page-Cache"
MAX_PAGES = 512
MAX_STALE_S = 2.0
"""A copy older than this past its time is not given while it is made anew. Units: seconds."""
type_start = Callable[..., Any]


@dataclass(slots=True)
class _Copy:
    until: float
    headers: list[tuple[str, str]]
    body: bytes
    etag: str
    renewing: bool = False


class PageCache:
    """WSGI middleware."""

    def __init__(self, app: Callable[..., Iterable[bytes]], locale_of: Callable[[str], str]) -> None:
        self._app = app
        self._locale_of = locale_of
        self._copies: dict[tuple[str, str], _Copy] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: type_start) -> Iterable[bytes]:
        """Answer from the copy, or pass on and keep a copy."""
        if environ["REQUEST_METHOD"] == "HEAD" and not environ.get("QUERY_STRING"):
            answer = self({**environ, "REQUEST_METHOD": "GET"}, start_response)  # the same headers, ETag and all
            if hasattr(answer, "close"):
                answer.close()
            return []
        if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
            return self._app(environ, _without_mark(start_response))
        key = (environ["PATH_INFO"], self._locale_of(environ.get("HTTP_ACCEPT_LANGUAGE", "")))
        copy = self._copies.get(key)
        if copy is not None:
            late_s = clock.monotonic() - copy.until
            if late_s < 0:
                return self._answer(copy, environ, start_response)
            with self._lock:
                if copy.renewing and late_s < MAX_STALE_S:
                    return self._answer(copy, environ, start_response)
                copy.renewing = True
        try:
            return self._render(key, environ, start_response)
        finally:
            if copy is not None:
                copy.renewing = False

    def _answer(self, copy: _Copy, environ: dict[str, Any], start_response: type_start) -> Iterable[bytes]:
        if copy.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response(
                "304 Not Modified", [pair for pair in copy.headers if pair[0] not in {"Content-Length", "Content-Type"}]
            )
            return [b""]
        start_response("200 OK", copy.headers)
        return [copy.body]

    def _render(self, key: tuple[str, str], environ: dict[str, Any], start_response: type_start) -> Iterable[bytes]:
        held: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], None]:
            held[:] = [status, headers, exc_info]
            return lambda _data: None

        answer = self._app(environ, start)
        status, sent = held[0], dict(held[1])
        mark = sent.get(MARK)
        if mark is None or not status.startswith("200") or "Set-Cookie" in sent:
            _without_mark(start_response)(status, held[1])
            with self._lock:
                self._copies.pop(key, None)
            return answer
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        seconds, _, etag = mark.partition(" ")
        etag = f'"{etag or hashlib.sha256(body).hexdigest()[:24]}"'
        headers = [pair for pair in held[1] if pair[0] not in {MARK, "ETag", "X-Request-Id"}] + [("ETag", etag)]
        copy = _Copy(clock.monotonic() + float(seconds), headers, body, etag)
        with self._lock:
            if len(self._copies) >= MAX_PAGES:
                self._copies.clear()
            self._copies[key] = copy
        return self._answer(copy, environ, start_response)


def _without_mark(start_response: type_start) -> type_start:
    """The mark is between the view and this cache; nobody else sees it."""

    def start(status: str, headers: list[tuple[str, str]], *rest: object) -> Any:  # noqa: ANN401 - WSGI
        return start_response(status, [pair for pair in headers if pair[0] != MARK], *rest)

    return start
