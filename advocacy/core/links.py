"""Absolute links for mails and documents: only ever under the configured base URL, never under a request's Host."""

from __future__ import annotations

from flask import current_app


def absolute(path: str) -> str:
    """The full URL of a path of this site."""
    base: str = current_app.extensions["advocacy.settings"].base_url
    return f"{base}{path}"
