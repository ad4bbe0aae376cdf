"""What a visitor may hand in for a look-up, checked field by field."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from advocacy.civic.places import ALL_BY_CODE, BY_CODE, MILITARY
from advocacy.core import clock
from advocacy.core.errors import RuleBroken
from advocacy.core.text import clean_line, fold, has_control

_NUMBER = re.compile(r"\A[+-]?\d{1,3}(?:\.\d{1,20})?\Z", re.ASCII)
_COUNTRY = re.compile(r"\b(?:USA|U\.S\.A?\.?|US|United States(?: of America)?)[\s.]*\Z", re.IGNORECASE)
_ZIP_LAST = re.compile(r"(?<![\w.-])(\d{5})(?:-\d{4})?\W*\Z", re.ASCII)
_ZIP_AFTER_STATE = re.compile(r"\b([A-Z]{2})[\s,.]+(\d{5})(?:-\d{4})?\b", re.ASCII)
_OTHER_NUMBER = re.compile(
    r"(?:\b(?:box|apt|unit|suite|ste|no|lot|room|rm|hwy|highway|route|rte|rr|road)\b|#)\W*\Z", re.IGNORECASE
)
_PO_BOX = re.compile(r"\bp\.?\s*o\.?\s*box\b", re.IGNORECASE)
_MILITARY = re.compile(r"\b(?:APO|FPO|DPO)\b")
_STATE_CODE = re.compile(r"\b([A-Z]{2})\b\W*\Z")
_MAX_ADDRESS = 300
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_STATE_NAMES = {fold(place.name): place.code for place in BY_CODE.values()}


@dataclass(frozen=True)
class AddressParts:
    """What an address says without a map."""

    postal_code: str | None
    state: str | None
    is_po_box: bool
    is_military: bool


def read_point(lat: object, lng: object) -> tuple[float, float]:
    """Latitude and longitude in degrees.

    Raises: RuleBroken naming the field that is no such number.
    """
    return _degrees(lat, "lat", 90.0), _degrees(lng, "lng", 180.0)


def _degrees(value: object, field: str, limit: float) -> float:
    number = math.nan
    if isinstance(value, str) and len(value) <= 30 and _NUMBER.match(value.strip()):  # noqa: PLR2004 - far more digits than degrees have
        number = float(value.strip())
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= limit:
        number = float(value)
    if math.isnan(number) or abs(number) > limit:
        message = (
            _("Enter the latitude as a number between -90 and 90.")
            if field == "lat"
            else _("Enter the longitude as a number between -180 and 180.")
        )
        raise RuleBroken(message, field=field)
    return number


def read_address(text: object) -> AddressParts:
    """Find the ZIP code, else the state, in an address; the text itself goes no further.

    Raises: RuleBroken on field ``address``.
    """
    if (
        not isinstance(text, str)
        or len(text) > _MAX_ADDRESS
        or has_control(text.replace("\n", " ").replace("\r", " ").replace("\t", " "))
    ):
        raise RuleBroken(_("Enter an address of at most 300 letters and digits."), field="address")
    line = clean_line(text)
    if not any(char.isalnum() for char in line):
        raise RuleBroken(_("Enter an address with its ZIP code."), field="address")
    line = _COUNTRY.sub("", line).rstrip(" ,.")
    code = _zip_in(line)
    state = None if code else _state_in(line)
    return AddressParts(code, state, _PO_BOX.search(line) is not None, _MILITARY.search(line) is not None)


def _zip_in(line: str) -> str | None:
    """The ZIP code, where it stands last or behind a state: other numbers of five digits are house and box numbers."""
    last = _ZIP_LAST.search(line)
    if last is not None and not _OTHER_NUMBER.search(line[: last.start()]):
        return last.group(1)
    codes = [code for state, code in _ZIP_AFTER_STATE.findall(line) if state in ALL_BY_CODE or state in MILITARY]
    return codes[-1] if codes else None


def _state_in(line: str) -> str | None:
    match = _STATE_CODE.search(line)
    if match and match.group(1) in BY_CODE:
        return match.group(1)
    words = fold(line).split()
    for count in (4, 3, 2, 1):
        code = _STATE_NAMES.get(" ".join(words[-count:]))
        if code is not None:
            return code
    return None


def read_day(value: object) -> date:
    """A civil date; nothing means today.

    Raises: RuleBroken on field ``on``.
    """
    if value is None or value == "":
        return clock.now().date()
    try:
        found = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None  # noqa: PLR2004 - YYYY-MM-DD
    except ValueError:
        found = None
    if found is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise RuleBroken(_("Enter the date as year-month-day, such as 2027-01-03."), field="on")
    return found
