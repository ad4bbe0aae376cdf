"""The session cookie: a random token and nothing else; the row behind it belongs to room ``accounts``.

Flask's ``session`` holds only the raw CSRF value, derived from the cookie, and is never written back: people who only
read or sign get no cookie. A second cookie, set only by a sign-in, lets a browser be known at the next one.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Any

from flask import Flask, Request, current_app, request
from flask.sessions import SecureCookieSession, SessionInterface
from werkzeug.wrappers import Response

from advocacy.core import crypto

TOKEN_LENGTH = 43
DEVICE_KEEP = timedelta(days=180)


class DerivedSession(SecureCookieSession):
    """What Flask-WTF and Flask-Login look into."""


class DerivedSessionInterface(SessionInterface):
    """Derive, never store."""

    def open_session(self, app: Flask, request: Request) -> DerivedSession:
        """The session of this request; empty without a cookie of the right shape."""
        token = request.cookies.get(cookie_name(app)) if "HTTP_COOKIE" in request.environ else None
        if token is None or len(token) != TOKEN_LENGTH:
            return DerivedSession()
        raw = hmac.digest(crypto.derived_key("csrf"), token.encode("utf-8", "replace"), "sha256").hex()
        return DerivedSession({"csrf_token": raw})

    def save_session(self, app: Flask, session: Any, response: Response) -> None:  # noqa: ANN401 - Flask's signature
        """Nothing is ever stored."""


def cookie_name(app: Flask) -> str:
    """``__Host-`` under https; a plain name on loopback http, where browsers refuse the prefix."""
    return "__Host-session" if app.extensions["advocacy.settings"].is_https else "session"


def cookie_token() -> str | None:
    """The token that this request's cookie carries."""
    token = request.cookies.get(cookie_name(current_app))
    return token if token is not None and len(token) == TOKEN_LENGTH else None


def set_cookie(response: Response, token: str) -> None:
    """Give the browser its session."""
    settings = current_app.extensions["advocacy.settings"]
    response.set_cookie(
        cookie_name(current_app), token, secure=settings.is_https, httponly=True, samesite="Lax", path="/"
    )


def clear_cookie(response: Response) -> None:
    """Take the session away."""
    settings = current_app.extensions["advocacy.settings"]
    response.delete_cookie(cookie_name(current_app), secure=settings.is_https, httponly=True, samesite="Lax", path="/")


STEP_KEEP = timedelta(minutes=10)


def _step_cookie_name() -> str:
    return "__Host-signing-in" if current_app.extensions["advocacy.settings"].is_https else "signing-in"


def step_token() -> str | None:
    """The token of a sign-in that this browser has begun and not finished."""
    token = request.cookies.get(_step_cookie_name())
    return token if token is not None and len(token) == TOKEN_LENGTH else None


def set_step_cookie(response: Response, token: str) -> None:
    """Bind the steps of one sign-in to this browser."""
    is_https = current_app.extensions["advocacy.settings"].is_https
    response.set_cookie(
        _step_cookie_name(), token, max_age=STEP_KEEP, secure=is_https, httponly=True, samesite="Lax", path="/"
    )


def clear_step_cookie(response: Response) -> None:
    """The sign-in is finished."""
    is_https = current_app.extensions["advocacy.settings"].is_https
    response.delete_cookie(_step_cookie_name(), secure=is_https, httponly=True, samesite="Lax", path="/")


def _device_cookie_name() -> str:
    return "__Host-device" if current_app.extensions["advocacy.settings"].is_https else "device"


def device_token() -> str | None:
    """The token by which this browser is known, if it signed in before."""
    token = request.cookies.get(_device_cookie_name())
    return token if token is not None and len(token) == TOKEN_LENGTH else None


def set_device_cookie(response: Response, token: str) -> None:
    """Let the browser be known at its next sign-in; the cookie opens nothing by itself."""
    is_https = current_app.extensions["advocacy.settings"].is_https
    response.set_cookie(
        _device_cookie_name(), token, max_age=DEVICE_KEEP, secure=is_https, httponly=True, samesite="Lax", path="/"
    )
