"""What can be stored of a coalition's own lawmakers, and when a fact is too old to trust. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from advocacy.civic.packs import values
from advocacy.civic.places import ALL_BY_CODE
from advocacy.core.text import fold, has_control, has_url, starts_formula

VIEW, NOTES, MANAGE = "directory.view", "directory.notes", "directory.manage"
"""See people in office; see what the coalition noted of their offices; write it."""

STALE_AFTER = timedelta(days=120)
_DIVISION = re.compile(r"\Aocd-division/country:[a-z]{2}(?:/[a-z_]{1,30}:[a-z0-9._~-]{1,60}){0,5}\Z")
LIMITS = {
    "external_key": 60,
    "full_name": 120,
    "party": 80,
    "title": 80,
    "body": 120,
    "district": 120,
    "state": 2,
    "division_id": 120,
    "phone": 40,
    "fax": 40,
    "email": 120,
    "contact_form": 300,
    "url": 300,
    "address": 200,
    "hours": 120,
}
"""Longest text of each field, as its column."""


@dataclass(frozen=True)
class Facts:
    """What is said of one lawmaker, from a form or from a line of a list."""

    full_name: str
    external_key: str = ""
    party: str = ""
    title: str = ""
    body: str = ""
    district: str = ""
    state: str = ""
    division_id: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    phone: str = ""
    fax: str = ""
    email: str = ""
    contact_form: str = ""
    url: str = ""
    address: str = ""
    hours: str = ""

    @property
    def folded_name(self) -> str:
        """The name as it is searched for."""
        return fold(self.full_name)[:160]


FIELDS = tuple(Facts.__dataclass_fields__)


def faults(facts: Facts) -> list[tuple[str, Any]]:
    """What is wrong with it: pairs of a field and a sentence."""
    found: list[tuple[str, Any]] = []
    for field, most in LIMITS.items():
        text = getattr(facts, field)
        if has_control(text):
            found.append((field, _("This holds characters that cannot be stored. Please type it again.")))
        elif len(text) > most:
            found.append((field, _("Please use at most %(max)d characters.", max=most)))
    if not found:
        found += [*_name_faults(facts.full_name), *_contact_faults(facts)]
        if facts.state and facts.state not in ALL_BY_CODE:
            found.append(("state", _("Give the two letters of a state, such as OR.")))
        if facts.division_id and not _DIVISION.match(facts.division_id):
            found.append(("division_id", _("A division begins with ocd-division/country:us/")))
        if facts.starts_on and facts.ends_on and facts.ends_on <= facts.starts_on:
            found.append(("ends_on", _("A term ends after it began.")))
    return found


def _name_faults(name: str) -> list[tuple[str, Any]]:
    if not name:
        return [("full_name", _("Give a name."))]
    if starts_formula(name):
        return [("full_name", _("A name cannot start with = + - or @."))]
    if has_url(name) or "://" in name or not any(char.isalpha() for char in name):
        return [("full_name", _("This cannot be the name of a person."))]
    return []


def _contact_faults(facts: Facts) -> list[tuple[str, Any]]:
    web = _("Enter the whole address, beginning with https://")
    number = _("Give a phone number of digits, such as 503-555-0100.")
    checks: tuple[tuple[str, Callable[[str], bool], Any], ...] = (
        ("phone", is_phone, number),
        ("fax", is_phone, number),
        ("email", is_email, _("Enter an e-mail address in the form name@example.org.")),
        ("contact_form", is_web, web),
        ("url", is_web, web),
    )
    return [(field, sentence) for field, fits, sentence in checks if (text := getattr(facts, field)) and not fits(text)]


def safe_address(url: str | None) -> str | None:
    """A web address that a page may link to: http or https, nothing else, whatever was stored."""
    return values.web_address(url, Counter())


def is_phone(text: str) -> bool:
    """Whether a text is a phone number."""
    return values.phone(text, Counter()) is not None


def is_email(text: str) -> bool:
    """Whether a text is an address for mail."""
    return values.email(text, Counter()) is not None


def is_web(text: str) -> bool:
    """Whether a text is a web address that a page may link to."""
    return safe_address(text) is not None


def is_stale(as_of: date | None, today: date) -> bool:
    """Whether a fact is so old, or of such unknown age, that it should be looked at again."""
    return as_of is None or today - as_of > STALE_AFTER
