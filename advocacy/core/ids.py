"""Identifiers that strangers see: random, 128 bits, URL-safe."""

from __future__ import annotations

import re
import secrets
import uuid

PUBLIC_ID_LENGTH = 22
_PUBLIC_ID = re.compile(r"\A[A-Za-z0-9_-]{22}\Z")


def new_public_id() -> str:
    """22 characters of base64url: 128 random bits."""
    return secrets.token_urlsafe(16)


def is_public_id(text: str) -> bool:
    """Whether ``text`` has the shape of a public id."""
    return _PUBLIC_ID.match(text) is not None


def new_request_id() -> str:
    """An id that ties a page, its log lines and its audit rows together."""
    return uuid.uuid4().hex
