"""Who represents a place: the one door for pages, petitions and the command line.

Nothing here writes, and neither address nor point is kept or logged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from flask_babel import gettext as _

from advocacy.civic import rules
from advocacy.civic.places import ALL_BY_CODE, DEMO_PLACES, PLACES, Place
from advocacy.civic.services import choices, inputs, points
from advocacy.civic.services.answers import answer, ask, ask_places, division_name
from advocacy.civic.services.people import officials_for, seats_for
from advocacy.civic.services.places_found import NOT_KNOWN, Placed, Street
from advocacy.civic.services.postal import Certainty, Placement, clean_postal, place_postal, town_of
from advocacy.civic.services.results import LookupResult, Precision, Status
from advocacy.civic.services.store import Official, store
from advocacy.core.actor import Actor
from advocacy.core.errors import RuleBroken

__all__ = [
    "Certainty",
    "LookupResult",
    "Official",
    "Placement",
    "Status",
    "division_name",
    "find",
    "house_divisions",
    "names_of",
    "officials_for",
    "place_postal",
    "seats_for",
    "states",
    "to_json",
    "town_of",
]


def find(
    actor: Actor,
    *,
    postal_code: object = None,
    lat: object = None,
    lng: object = None,
    choice: object = None,
    address: object = None,
    division: object = None,
    on: object = None,
    country: object = "US",
    street: Street | None = None,
) -> LookupResult:
    """Look a place up by the first of these that is given: choice, division, point, ZIP code, address.

    ``street`` is what ``street.locate`` found for the address, before any transaction; without it the ZIP code decides.

    Raises: RuleBroken naming the field that cannot be used.
    """
    del actor  # everybody may ask
    day = on if isinstance(on, date) else inputs.read_day(on)
    if _given(choice):
        return _chosen(choices.read_choice(choice), day)
    if _given(division):
        return _chosen(_own_choice(division), day)
    if _given(lat) or _given(lng):
        return _by_point(*inputs.read_point(lat, lng), day)
    if _given(postal_code) and not (street is not None and street.places):
        notes = [street.warning] if street is not None and street.warning else []
        return _without_street(_by_postal(clean_postal(postal_code, country), day, notes), street)
    if _given(address):
        return _by_address(address, day, country, street)
    raise RuleBroken(_("Enter a ZIP code of five digits, such as 55401."), field="postal_code")


def _given(value: object) -> bool:
    return value is not None and value != ""


def names_of(ocd_ids: Iterable[str]) -> dict[str, str]:
    """Names of several divisions."""
    return {ocd_id: division_name(ocd_id) for ocd_id in ocd_ids}


def states() -> list[Place]:
    """States, the District and territories by name; made-up places only where their pack is in use and shown."""
    has_demo = any(pack.is_demo for pack in store().packs())
    found = [*PLACES, *(DEMO_PLACES if has_demo else ())]
    return sorted(found, key=lambda place: place.name)


def house_divisions(state: str) -> tuple[str, ...]:
    """The House divisions of a state by its two letters; empty for what is none."""
    place = ALL_BY_CODE.get(state.upper())
    return place.house_ids if place is not None else ()


def to_json(result: LookupResult) -> dict[str, object]:
    """The contract's JSON with division names."""
    ids = {*result.divisions, *result.next_divisions, *(move.division_id for move in result.moves)}
    ids.update(official.division_id for official in result.officials)
    ids.update(seats.division_id for seats in result.seats)
    ids.update(ocd_id for option in result.options for ocd_id in option.division_ids)
    return result.to_json(names_of(ids))


# --- the four ways ------------------------------------------------------------------------------------------------


def _by_postal(code: str, day: date, extra: Sequence[str] = ()) -> LookupResult:
    placed = place_postal(code, "US", day)
    precision = Precision.STATE if placed.by_state or placed.certainty is Certainty.UNPLACED else Precision.ZIP
    if placed.certainty is Certainty.PLACED:
        warnings = [*extra, "po_box"] if placed.kind == "PO BOX" and not placed.by_state else list(extra)
        return answer(Status.OK, day, precision, placed.division_ids, town=placed.town, warnings=warnings)
    if placed.certainty is Certainty.SPLIT:
        return ask(placed.options, day, precision, town=placed.town, warnings=extra)
    return answer(
        Status.NEED_ADDRESS, day, precision, placed.division_ids, town=placed.town, warnings=[*extra, _why_not(placed)]
    )


def _why_not(placed: Placement) -> str:
    if placed.kind in {"MILITARY", "PO BOX", "UNKNOWN"}:
        return {"MILITARY": "military", "PO BOX": "po_box", "UNKNOWN": "unknown_zip"}[placed.kind]
    if placed.state is None:
        return "not_represented"
    return "no_zip_area" if placed.kind == "UNIQUE" else "no_district_data"


def _by_address(address: object, day: date, country: object, street: Street | None) -> LookupResult:
    parts = inputs.read_address(address)
    if parts.is_military:
        return answer(Status.NEED_ADDRESS, day, Precision.STATE, (), warnings=["military"])
    if street is not None and street.places:
        found = _placed(street.places, day, Precision.STREET, ["address_by_street"])
        return replace(found, sources=(*found.sources, *street.sources(day)))
    notes = [street.warning] if street is not None and street.warning else []
    if parts.postal_code is not None:
        try:
            code = clean_postal(parts.postal_code, country)
        except RuleBroken as error:
            raise RuleBroken(error.message, field="country" if error.field == "country" else "address") from None
        found = _by_postal(code, day, [*notes, "address_by_zip"])
        if parts.is_po_box and found.status is Status.OK and found.precision is Precision.ZIP and found.state:
            place = ALL_BY_CODE[found.state]
            warnings = ["address_by_zip", "po_box"]
            return answer(
                Status.NEED_ADDRESS, day, Precision.STATE, (place.ocd_id,), town=found.town, warnings=warnings
            )
        return _without_street(found, street)
    named = ALL_BY_CODE.get(parts.state or "")
    if named is not None and named.house_id is not None:
        ids = tuple(dict.fromkeys((named.ocd_id, named.house_id)))
        return answer(Status.OK, day, Precision.STATE, ids, warnings=notes)
    known = (named.ocd_id,) if named is not None else ()
    found = answer(Status.NEED_ADDRESS, day, Precision.STATE, known, warnings=[*notes, "address_without_zip"])
    return _without_street(found, street)


def _without_street(found: LookupResult, street: Street | None) -> LookupResult:
    """What the ZIP code leaves open stays open: the street was not known, or nobody could say."""
    if found.status is not Status.NEED_ADDRESS or street is None or not street.warning:
        return found
    return replace(found, status=Status.NOT_FOUND if street.warning == NOT_KNOWN else Status.UNAVAILABLE)


def _by_point(lat: float, lng: float, day: date) -> LookupResult:
    places = points.at(lat, lng, day)
    if places is None:
        return answer(Status.NEED_ADDRESS, day, Precision.POINT, (), warnings=["no_district_data"])
    if not places:
        return answer(Status.NOT_FOUND, day, Precision.POINT, (), warnings=["outside"])
    if len(places) > 1:  # on a line
        return ask(tuple(place.division_ids[-1] for place in places), day, Precision.POINT, warnings=places[0].warnings)
    return _placed(places, day, Precision.POINT)


def _placed(places: Sequence[Placed], day: date, precision: Precision, warnings: Sequence[str] = ()) -> LookupResult:
    """One place is an answer; of several the visitor knows theirs."""
    said = [*warnings, *(warning for place in places for warning in place.warnings)]
    if len(places) == 1:
        ids, upcoming, later = places[0].division_ids, places[0].upcoming, places[0].later
        if not any(rules.is_house(ocd_id) for ocd_id in ids):
            said.append("no_district_data")
            return answer(Status.NEED_ADDRESS, day, precision, ids, warnings=said, upcoming=upcoming, later=later)
        return answer(Status.OK, day, precision, ids, warnings=said, upcoming=upcoming, later=later)
    return ask_places([place.division_ids for place in places], day, precision, warnings=said)


def _own_choice(division: object) -> tuple[str, ...]:
    ocd_id = rules.canonical(division) if isinstance(division, str) and len(division) <= 120 else None  # noqa: PLR2004 - the column
    place = rules.place_of(ocd_id) if ocd_id else None
    if (
        ocd_id is None
        or place is None
        or (place in DEMO_PLACES and place not in states())
        or (ocd_id not in {place.ocd_id, *place.house_ids} and store().division(ocd_id) is None)
    ):
        raise RuleBroken(_("Please choose one of the districts shown."), field="division")
    return (ocd_id,)


def _chosen(ids: Sequence[str], day: date) -> LookupResult:
    if not ids:
        raise RuleBroken(_("Please choose one of the districts shown."), field="choice")
    full = tuple(dict.fromkeys([rules.state_id(ids[0]), *ids]))
    status = (
        Status.OK
        if any(rules.is_house(ocd_id) or ocd_id != rules.state_id(ocd_id) for ocd_id in full)
        else Status.NEED_ADDRESS
    )
    return answer(status, day, Precision.CHOSEN, full)
