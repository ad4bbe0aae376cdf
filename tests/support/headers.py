"""What every answer's headers must say."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

WANTED_CSP = {
    "default-src": {"'none'"},
    "object-src": {"'none'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
    "form-action": {"'self'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
}
MAY_SOURCE = {"'none'", "'self'", "data:"}


def csp(value: str) -> dict[str, set[str]]:
    parts = (part.split() for part in value.split(";") if part.strip())
    return {name: set(sources) for name, *sources in parts}


def check_csp(value: str) -> None:
    """W-05."""
    found = csp(value)
    for name, sources in WANTED_CSP.items():
        assert found.get(name) == sources, f"{name}: {found.get(name)}"
    for name, sources in found.items():
        assert sources <= MAY_SOURCE, f"{name}: {sources}"
    assert "data:" not in found["script-src"]


def check(answer: TestResponse, *, is_https: bool = False, is_link: bool = False) -> None:
    """W-06 and W-05 for one answer."""
    headers = answer.headers
    check_csp(headers["Content-Security-Policy"])
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == ("no-referrer" if is_link else "same-origin")
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] in {"same-origin", "cross-origin"}
    assert "camera=()" in headers["Permissions-Policy"]
    if is_https:
        age = re.search(r"max-age=(\d+)", headers["Strict-Transport-Security"])
        assert age
        assert int(age[1]) >= 31536000
        assert "includeSubDomains" in headers["Strict-Transport-Security"]
    else:
        assert "Strict-Transport-Security" not in headers
    assert "Server" not in headers
    assert "X-Powered-By" not in headers
    assert not [name for name in headers.keys() if name.startswith("X-Page")]  # noqa: SIM118 - werkzeug iterates pairs
    if headers.get("Content-Type", "").startswith("text/"):
        assert "charset=utf-8" in headers["Content-Type"].lower()
    is_kept = headers["Cache-Control"].startswith("public")
    assert is_kept or headers["Cache-Control"] == "no-store", headers["Cache-Control"]
    if is_kept:
        assert "Set-Cookie" not in headers
        assert not is_link
    elif "X-Request-Id" in headers:
        assert re.fullmatch(r"[0-9a-f]{32}", headers["X-Request-Id"])
