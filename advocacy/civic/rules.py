"""Division ids in one canonical form (Open States'), and the calendar of Congress: pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

from advocacy.civic.models import Layer
from advocacy.civic.places import ALL_BY_CODE, ALL_BY_ID, Place

_ID = re.compile(
    r"\Aocd-division/country:us/(state|district|territory):([a-z]{2})(?:/(cd|sldu|sldl|ward):([a-z0-9_.~-]{1,60}))?\Z"
)
_SEAT_OF = re.compile(r"\A(\d+)[ab]\Z")
_ORDINALS = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th"}
_OWN_NAMES = {
    ("ME", "sldl", "houlton_band_of_maliseet_indians"): "houlton-band",
    ("ME", "sldl", "passamaquoddy_tribe"): "passamaquoddy-tribe",
    ("VT", "sldl", "windham-windsor-bennington"): "windham-bennington-windsor",
}
"""Districts whose id is not what the rule makes of their name."""
_AT_LARGE = frozenset({"0", "00", "98", "at-large", "al", "1", "01"})
_FIRST_YEAR = 1787  # Congress n begins in 1787 + 2n
_CHANGE_DAY = (1, 3)
DOUBT = timedelta(days=180)
"""How long a state legislator whom a source still lists counts after the end it gives: with a word of doubt."""


def canonical(text: str) -> str | None:
    """The one form of a United States division id, or ``None`` when it names none.

    A seat of a one-seat state is ``cd:at-large``; the District and the territories are their own House seat.
    """
    match = _ID.match(text.strip().lower())
    if match is None:
        return None
    _kind, code, layer, number = match.groups()
    place = ALL_BY_CODE.get(code.upper())
    if place is None:
        return None
    if layer is None:
        return place.ocd_id
    if layer == Layer.HOUSE:
        return house_id(place, number)
    if place.code == "ID" and layer == Layer.LOWER and (seat := _SEAT_OF.match(number)):
        number = seat.group(1)  # Open States names the two seats of a district, the Census draws the district
    return f"{place.ocd_id}/{layer}:{number}"


def house_alias(ocd_id: str) -> str:
    """The House seat where an id names a place that has only one; any other id as it is."""
    place = ALL_BY_ID.get(ocd_id)
    return place.house_id or ocd_id if place is not None else ocd_id


def district_id(place: Place, layer: Layer, name: str) -> str | None:
    """The state district of a name as Open States writes it, such as ``34A`` or ``Belknap 8``; ``None`` for none.

    Source: compared with the 6,775 rows of the crosswalk, which goes before where it is imported.
    """
    number = name.strip().lower().replace(",", "").replace("'", "~").replace(" ", "_")
    first, _, rest = number.partition("_")
    if place.code == "MA" and first in _ORDINALS:
        number = f"{_ORDINALS[first]}_{rest}"
    if place.code == "VT" and layer is Layer.UPPER:
        number = number.replace("_", "-") if number.startswith("chittenden") else number
    number = _OWN_NAMES.get((place.code, str(layer), number), number)
    return canonical(f"{place.ocd_id}/{layer}:{number}")


def usual_seats(ocd_id: str) -> int:
    """How many people a district elects where nothing says so: two in Idaho's house, else one."""
    return 2 if ocd_id.startswith("ocd-division/country:us/state:id/sldl:") else 1


def seat_name(place: Place, layer: Layer, name: str) -> str | None:
    """The name of a seat within its district, where the legislature has such: ``A`` of Idaho's ``27A``."""
    is_named = place.code == "ID" and layer is Layer.LOWER and _SEAT_OF.match(name.strip().lower())
    return name.strip()[-1].upper() if is_named else None


def house_id(place: Place, number: str | int) -> str | None:
    """The House division of a place by any spelling of its number; ``None`` when it has no such seat."""
    text = str(number).strip().lower()
    if place.house_id is not None:
        return place.house_id if text in _AT_LARGE else None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= place.seats:
        return None
    return f"{place.ocd_id}/cd:{int(text)}"


def place_of(ocd_id: str) -> Place | None:
    """The state or its like that a division lies in."""
    return ALL_BY_ID.get("/".join(ocd_id.split("/")[:3]))


def layer_of(ocd_id: str) -> Layer:
    """What kind of division an id names."""
    tail = ocd_id.rpartition("/")[2].partition(":")[0]
    return Layer(tail) if tail in {"cd", "sldu", "sldl", "ward"} else Layer.STATE


def is_house(ocd_id: str) -> bool:
    """Whether a House seat belongs to exactly this division."""
    place = ALL_BY_ID.get(ocd_id)
    return layer_of(ocd_id) is Layer.HOUSE or (place is not None and place.kind != "state")


def state_id(ocd_id: str) -> str:
    """The division of the state that this division lies in."""
    return "/".join(ocd_id.split("/")[:3])


def name_of(ocd_id: str) -> str | None:
    """A name for people, such as ``Minnesota, district 5``; ``None`` for what no rule can name."""
    place = place_of(ocd_id)
    if place is None:
        return None
    if ocd_id == place.ocd_id:
        return place.name
    layer, _, number = ocd_id.rpartition("/")[2].partition(":")
    if layer == Layer.HOUSE:
        return f"{place.name}, at large" if number == "at-large" else f"{place.name}, district {number}"
    if layer == Layer.WARD:
        return f"{place.name}, ward {number}"
    chamber = "senate" if layer == Layer.UPPER else "house"
    return f"{place.name}, state {chamber} district {number.upper()}"


def congress_starts(number: int) -> date:
    """The day a Congress takes office."""
    return date(_FIRST_YEAR + 2 * number, *_CHANGE_DAY)


def congress_on(day: date) -> int:
    """The Congress in session on a day."""
    year = day.year if (day.month, day.day) >= _CHANGE_DAY else day.year - 1
    return (year - _FIRST_YEAR) // 2


def sits_until(ends_on: date | None, *, known_on: date) -> date:
    """The day from which a listed member is no longer taken to sit.

    A term that ends on a day when Congress changes ends then. Any other end (a special election) means "look again",
    not "gone": the member counts until Congress changes next. No end at all: until the present Congress ends.
    """
    if ends_on is None:
        return congress_starts(congress_on(known_on) + 1)
    if (ends_on.month, ends_on.day) == _CHANGE_DAY:
        return ends_on
    return congress_starts(congress_on(ends_on) + 1)


def short_number(ocd_id: str) -> str:
    """The last part of a division id: ``5``, ``at-large``, ``34a``."""
    return ocd_id.rpartition("/")[2].partition(":")[2]


def sort_key(ocd_id: str) -> tuple[str, int, str]:
    """Order divisions as people count: 2 before 10."""
    head, _, tail = ocd_id.rpartition(":")
    digits = re.match(r"\d+", tail)
    return head, int(digits.group()) if digits else 0, tail
