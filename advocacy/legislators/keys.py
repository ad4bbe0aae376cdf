"""The lasting keys of people in office, as they stand in addresses."""

from __future__ import annotations

import re

_KEY = re.compile(r"\A[A-Za-z0-9][A-Za-z0-9_-]{2,59}\Z")


def is_key(text: str) -> bool:
    """Whether a text can be somebody's key."""
    return _KEY.match(text) is not None
