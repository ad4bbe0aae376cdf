"""Answers to a ZIP code, made once for each place it can mean and kept in memory.

Thousands of codes lie in one district: what is kept is the district's answer, for the day and the packs of the moment.
Of the code itself only the town goes in, at the end. Nothing is written down anywhere.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from flask import current_app
from flask_babel import get_locale
from markupsafe import escape

from advocacy.civic.services import choices, lookup
from advocacy.civic.services.postal import clean_postal
from advocacy.civic.services.results import LookupResult
from advocacy.civic.services.store import store
from advocacy.core import clock
from advocacy.core.actor import ANONYMOUS

MOST = 5000
"""Answers kept by a process, up to 9 kB each: the whole country has some 2,300, as pages and as JSON."""
CHOICE_S = 120.0
"""How long an answer with choices is given: its tokens grow old."""
_TOWN = f"town-{secrets.token_hex(12)}"
_ALONE = {"postal_code", "country"}
_PLACE = "advocacy.legislators.zip_answers"
type_make = Callable[[LookupResult], str]
type_parts = tuple[bytes, bytes, bytes]


def is_plain(given: Mapping[str, Any]) -> bool:
    """Whether nothing but a ZIP code was given."""
    return "postal_code" in given and given.keys() <= _ALONE


def html(given: Mapping[str, Any], make: type_make) -> bytes:
    """The page for a ZIP code.

    Raises: RuleBroken on field ``postal_code`` or ``country``.
    """
    return _answer(given, "html", make, lambda town: str(escape(town)))


def as_json(given: Mapping[str, Any], make: type_make) -> bytes:
    """The same for a program."""
    return _answer(given, "json", make, lambda town: json.dumps(town)[1:-1])


def _answer(given: Mapping[str, Any], form: str, make: type_make, fit: Callable[[str], str]) -> bytes:
    code = clean_postal(given["postal_code"], given.get("country", "US"))
    today = clock.now().date()
    packs = store()
    packs.packs()  # looks whether they have changed
    placed = lookup.place_postal(code, "US", today)
    civic = id(current_app.extensions["advocacy.settings"].civic)  # the page names who may be asked for a street
    has_town = placed.town is not None
    key = (form, str(get_locale()), packs.revision, civic, today, has_town, *_without_town(placed))
    kept: dict[Any, tuple[float, type_parts]] = current_app.extensions.setdefault(_PLACE, {})
    found = kept.get(key)
    if found is None or clock.monotonic() >= found[0]:
        if len(kept) >= MOST:
            kept.clear()
        found = kept[key] = _made(code, today, make, has_town=has_town)
    head, main, tail = found[1]
    if placed.town:
        main = main.replace(_TOWN.encode(), fit(placed.town).encode())
    return b"".join((head, main, tail))


def _without_town(placed: lookup.Placement) -> tuple[Any, ...]:
    known = (placed.certainty, placed.state, placed.kind, placed.by_state)
    return (*known, placed.division_ids, placed.certain_house, placed.options)


def _made(code: str, today: date, make: type_make, *, has_town: bool) -> tuple[float, type_parts]:
    result = lookup.find(ANONYMOUS, postal_code=code, on=today)
    text = make(replace(result, town=_TOWN if has_town else None))
    lives_s = CHOICE_S if result.options else choices.LIFE_S
    return clock.monotonic() + lives_s, _parts(text)


def _parts(page: str) -> type_parts:
    """The frame of a page is the same in thousands of them: kept once."""
    begins, ends = page.find("<main"), page.rfind("</main>")
    if begins < 0 or ends < 0:
        return b"", page.encode(), b""
    return _one(page[:begins].encode()), page[begins:ends].encode(), _one(page[ends:].encode())


@lru_cache(maxsize=64)
def _one(part: bytes) -> bytes:
    return part
