"""Single values of a pack, of whatever type the file gives them: cleaned, or dropped and counted."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from advocacy.civic.packs.files import PackRefused
from advocacy.core.text import clean_line, has_control

_PHONE = re.compile(r"\A[0-9+(). x-]{7,40}\Z")
_EMAIL = re.compile(r"\A[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+\Z")
_HANDLE = re.compile(r"\A[A-Za-z0-9._-]{1,80}\Z")
_EMAIL_LENGTH = 120
_URL_LENGTH = 300


def web_address(value: object, dropped: Counter[str]) -> str | None:
    """An http or https address, or nothing: a pack may hold ``javascript:`` and worse."""
    if value is None or value == "":
        return None
    if (
        isinstance(value, str)
        and len(value) <= _URL_LENGTH
        and not has_control(value)
        and not any(char in value for char in " <>\"'`\\")
    ):
        try:
            parts = urlsplit(value)
            if parts.scheme in {"http", "https"} and parts.hostname and parts.username is None:
                return value
        except ValueError:
            pass
    dropped["web addresses"] += 1
    return None


def phone(value: object, dropped: Counter[str]) -> str | None:
    """A phone number of digits and the usual signs, or nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and _PHONE.match(value):
        return value
    dropped["phone numbers"] += 1
    return None


def email(value: object, dropped: Counter[str]) -> str | None:
    """An address for mail, or nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and len(value) <= _EMAIL_LENGTH and _EMAIL.match(value.strip()):
        return value.strip()
    dropped["mail addresses"] += 1
    return None


def handles(value: object, networks: tuple[str, ...]) -> dict[str, str]:
    """Names of accounts on social networks: names only, never an address."""
    if not isinstance(value, dict):
        return {}
    return {name: found for name in networks if (found := word(value.get(name))) and _HANDLE.match(found)}


def day(value: object, key: str, file: str) -> date | None:
    """A civil date, or nothing.

    Raises: PackRefused when it is something else.
    """
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else _no_day()
    except ValueError:
        raise PackRefused(f"{file}: {key}: a term with a date that is none") from None


def _no_day() -> date:
    raise ValueError


def entries(value: object) -> list[Any]:
    """A list, or an empty one."""
    return value if isinstance(value, list) else []


def word(value: object) -> str | None:
    """Text, or nothing."""
    return value if isinstance(value, str) else None


def line(value: object, limit: int) -> str | None:
    """One clean line, cut to a length."""
    if not isinstance(value, str) or has_control(value):
        return None
    return clean_line(value)[:limit] or None


def shown(value: object) -> str:
    """A wrong value as an error line may show it."""
    return clean_line(str(value))[:20] if isinstance(value, str | int) else "of a wrong type"
