"""Answers that views give."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, jsonify, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from advocacy.web.page_cache import MARK

_OWN_PATH = re.compile(r"\A/(?!/)[^\x00-\x20\\]{0,500}\Z")


def page(template: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401 - template context
    """A rendered page."""
    return current_app.make_response((render_template(template, **context), status))


def cacheable(response: Response, seconds: float, *, etag: str | None = None, public_s: int = 1) -> Response:
    """Let the page cache keep this answer for ``seconds`` and the world for ``public_s``.

    ``etag`` names the content when parts of it (a time stamp) do not count as a change.
    """
    response.headers["Cache-Control"] = f"public, max-age={public_s}"
    response.headers[MARK] = f"{seconds} {etag}" if etag else str(seconds)
    response.headers["Vary"] = "Accept-Language"
    return response


def public_json(payload: Mapping[str, Any], seconds: float = 0.4) -> Response:
    """Public read-only JSON: any site may read it, without credentials."""
    return cacheable(open_to_all(jsonify(payload)), seconds)


def csv(blocks: Iterable[bytes], name: str) -> Response:
    """A file for spreadsheets under a name, streamed and kept by no cache."""
    response = Response(blocks, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def open_to_all(response: Response) -> Response:
    """Let pages of other sites read this answer."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def see_other(url: str, done: str | None = None) -> BaseResponse:
    """Redirect after a post; ``done`` is a code of ``web.notices`` shown once on the next page."""
    if done is not None:
        url = f"{url}{'&' if '?' in url else '?'}done={done}"
    return Response(status=303, headers=[("Location", url)])


def wants_json() -> bool:
    """Whether the caller asked for JSON rather than a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "application/json"


def own_path(target: str | None, default: str) -> str:
    """``target`` when it is a path of this site, else ``default``: no redirect leaves the house."""
    if not target or not _OWN_PATH.match(target):
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target
