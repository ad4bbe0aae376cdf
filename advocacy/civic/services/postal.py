"""Where a ZIP code lies, honestly: placed, split between districts, or not to be told from the code alone."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from sys import intern

import zipcodes
from flask_babel import gettext as _

from advocacy.civic import rules
from advocacy.civic.models import PackKind
from advocacy.civic.places import ALL_BY_CODE, BY_CODE, MILITARY
from advocacy.civic.services.store import store
from advocacy.core import clock
from advocacy.core.errors import RuleBroken

_ZIP = re.compile(r"\A(\d{5})(?:[- ]?\d{4})?\Z", re.ASCII)
_UNREPRESENTED = ("FM", "MH", "PW")  # freely associated states: American mail, no seat in Congress
_reading_list = threading.Lock()
_LOWEST = "00501"  # Holtsville, New York: no ZIP code is lower


class Certainty(StrEnum):
    """How far a code alone decides."""

    PLACED = "placed"
    SPLIT = "split"
    UNPLACED = "unplaced"


@dataclass(frozen=True, slots=True)
class Placement:
    """What is certain of a code. ``division_ids`` are certain; ``options`` are House districts it touches.

    ``state`` is ``None`` when even the state is open. ``kind`` is the postal service's: ``STANDARD``, ``PO BOX``,
    ``UNIQUE``, ``MILITARY`` or ``UNKNOWN``. ``by_state`` says that the state has one seat only.
    """

    certainty: Certainty
    state: str | None
    division_ids: tuple[str, ...]
    town: str | None
    certain_house: str | None
    options: tuple[str, ...] = ()
    kind: str = "STANDARD"
    by_state: bool = False


def clean_postal(code: object, country: object = "US") -> str:
    """The five digits of a ZIP code; ZIP+4 is cut.

    Raises: RuleBroken on field ``postal_code``.
    """
    if not isinstance(country, str) or country.upper() != "US":
        raise RuleBroken(_("Only ZIP codes of the United States can be looked up here."), field="country")
    match = _ZIP.match(code.strip()) if isinstance(code, str) and len(code) <= 20 else None  # noqa: PLR2004 - ZIP+4 has 10
    if match is None or match.group(1) < _LOWEST:
        raise RuleBroken(_("Enter a ZIP code of five digits, such as 55401."), field="postal_code")
    return match.group(1)


@lru_cache(maxsize=1)
def _post_offices() -> dict[str, tuple[str, str, str]]:
    """Kind, state and town of every ZIP code: one pass of a third of a second, where each search would take 0.4 ms."""
    found: dict[str, tuple[str, str, str]] = {}
    for state in (*BY_CODE, *MILITARY, *_UNREPRESENTED):
        for entry in zipcodes.filter_by(state=state):  # type: ignore[no-untyped-call]
            code = str(entry["zip_code"])
            if entry["active"] or code not in found:
                found[code] = (intern(entry["zip_code_type"]), intern(state), intern(entry["city"]))
    return found


def warm() -> None:
    """Read the list of post offices now, so that nobody's look-up waits for it."""
    with _reading_list:
        _post_offices()


def town_of(code: str) -> str | None:
    """The post office's town of a ZIP code."""
    return place_postal(code).town


def place_postal(code: object, country: object = "US", on: date | None = None) -> Placement:
    """Place a postal code on a day. What is no ZIP code is simply not placed."""
    try:
        five = clean_postal(code, country)
    except RuleBroken:
        return Placement(Certainty.UNPLACED, None, (), None, None, kind="UNKNOWN")
    with _reading_list:  # whoever comes while it is read waits for that one reading
        offices = _post_offices()
    kind, state, town = offices.get(five) or ("UNKNOWN", "", None)
    options, pack_town = _options(five, on or clock.now().date())
    town = pack_town or town
    if state in MILITARY:
        return Placement(Certainty.UNPLACED, None, (), None, None, kind="MILITARY")
    if options:
        return _by_table(options, state, town, "STANDARD" if kind == "UNKNOWN" else kind)
    place = BY_CODE.get(state)
    if place is None:
        return Placement(Certainty.UNPLACED, None, (), town, None, kind=kind)
    if place.house_id is not None:
        ids = tuple(dict.fromkeys((place.ocd_id, place.house_id)))
        return Placement(Certainty.PLACED, state, ids, town, place.house_id, kind=kind, by_state=True)
    return Placement(Certainty.UNPLACED, state, (place.ocd_id,), town, None, kind=kind)


def _options(code: str, day: date) -> tuple[tuple[str, ...], str | None]:
    found: list[str] = []
    town = None
    for pack in store().valid(PackKind.ZCTA, day):
        ids, named = store().postal(pack).get(code, ((), None))
        found.extend(ids)
        town = town or named
    return tuple(dict.fromkeys(found)), town


def _by_table(options: tuple[str, ...], state: str, town: str | None, kind: str) -> Placement:
    states = {rules.state_id(ocd_id) for ocd_id in options}
    known = ALL_BY_CODE.get(state)
    if known is not None and known.ocd_id not in states:
        # Twelve codes: the post office lies in a state in which the Census sees none of the code's homes.
        return Placement(Certainty.SPLIT, None, (), town, None, options=options, kind=kind)
    if len(options) == 1:
        place = rules.place_of(options[0])
        ids = tuple(dict.fromkeys((rules.state_id(options[0]), options[0])))
        by_state = place is not None and place.house_id is not None
        return Placement(
            Certainty.PLACED, place.code if place else None, ids, town, options[0], kind=kind, by_state=by_state
        )
    if len(states) == 1:
        place = rules.place_of(options[0])
        return Placement(
            Certainty.SPLIT, place.code if place else None, tuple(states), town, None, options=options, kind=kind
        )
    return Placement(Certainty.SPLIT, None, (), town, None, options=options, kind=kind)
