"""Who sits for a division on a day, and which seats are empty or unknown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from advocacy.civic import rules
from advocacy.civic.models import Chamber, Layer, PackKind
from advocacy.civic.queries import Pack
from advocacy.civic.services.store import Official, store
from advocacy.core import clock

ROLES: dict[str, Any] = {
    "senator": _l("U.S. Senator"),
    "representative": _l("U.S. Representative"),
    "delegate": _l("Delegate to the U.S. House"),
    "resident_commissioner": _l("Resident Commissioner"),
    "state_senator": _l("State Senator"),
    "state_representative": _l("State Representative"),
    "council_member": _l("Member of the Council"),
}
CHAMBERS: dict[Chamber, Any] = {
    Chamber.US_SENATE: _l("U.S. Senate"),
    Chamber.US_HOUSE: _l("U.S. House"),
    Chamber.STATE_UPPER: _l("State senate"),
    Chamber.STATE_LOWER: _l("State house"),
    Chamber.COUNCIL: _l("Council of the District"),
}
STATE_CHAMBERS = frozenset({Chamber.STATE_UPPER, Chamber.STATE_LOWER, Chamber.COUNCIL})
"""Chambers whose districts a ZIP code says nothing about."""
_ORDER = {
    chamber: number
    for number, chamber in enumerate(
        (Chamber.US_HOUSE, Chamber.US_SENATE, Chamber.STATE_UPPER, Chamber.STATE_LOWER, Chamber.COUNCIL)
    )
}
_SENATORS = 2
_SWORN_IN_LATELY = timedelta(days=120)


class SeatStatus(StrEnum):
    """What is known of a seat."""

    FILLED = "filled"
    VACANT = "vacant"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Seats:
    """The seats of one chamber that belong to a division."""

    division_id: str
    chamber: Chamber
    status: SeatStatus
    seat_count: int
    filled_count: int

    @property
    def role(self) -> str:
        """A code of ``ROLES``."""
        return role_of(self.division_id, self.chamber)


def role_of(division_id: str, chamber: Chamber) -> str:
    """The title that goes with a seat, as a code of ``ROLES``."""
    if chamber is Chamber.US_HOUSE:
        place = rules.place_of(division_id)
        if place is None or place.kind == "state":
            return "representative"
        return "resident_commissioner" if place.code == "PR" else "delegate"
    return {
        Chamber.US_SENATE: "senator",
        Chamber.STATE_UPPER: "state_senator",
        Chamber.COUNCIL: "council_member",
    }.get(chamber, "state_representative")


def chambers_of(division_id: str) -> list[Chamber]:
    """The chambers that have seats for exactly this division."""
    place = rules.place_of(division_id)
    layer = rules.layer_of(division_id)
    if layer is Layer.UPPER:
        return [Chamber.STATE_UPPER]
    if layer is Layer.LOWER:
        return [Chamber.STATE_LOWER]
    if layer is Layer.WARD:
        return [Chamber.COUNCIL]
    found = [Chamber.US_HOUSE] if rules.is_house(division_id) else []
    if place is not None and division_id == place.ocd_id and place.has_senators:
        found.append(Chamber.US_SENATE)
    return found


def officials_for(division_ids: Iterable[str], on: date | None = None) -> list[Official]:
    """Everybody who sits for one of the divisions: House first, then senators, then state chambers."""
    day = on or clock.now().date()
    wanted = {ocd_id for given in division_ids if (ocd_id := rules.canonical(given))}
    found = [official for ocd_id in wanted for official in _listed(ocd_id, day) if official.sits_on(day)]
    return sorted(found, key=_order)


def seats_for(division_ids: Iterable[str], on: date | None = None) -> list[Seats]:
    """The seats of the divisions, with their status on a day."""
    day = on or clock.now().date()
    found = [_seats(ocd_id, chamber, day) for ocd_id in division_ids for chamber in chambers_of(ocd_id)]
    return sorted(found, key=lambda seats: (_ORDER[seats.chamber], rules.sort_key(seats.division_id)))


def _order(official: Official) -> tuple[Any, ...]:
    return _ORDER[official.chamber], rules.sort_key(official.division_id), official.family_name, official.id


def _people_packs(ocd_id: str, day: date) -> list[Pack]:
    place = rules.place_of(ocd_id)
    if place is None:
        return []
    found = store().valid_in(place, PackKind.CONGRESS, day)
    return [*found, *store().valid_in(place, PackKind.OPENSTATES, day)]


def _listed(ocd_id: str, day: date) -> list[Official]:
    """Everybody whom the packs name; of Congress the second list only where the first names nobody who sits."""
    found: list[Official] = []
    for pack in _people_packs(ocd_id, day):
        here = store().people(pack).by_division.get(ocd_id, ())
        if pack.kind == PackKind.OPENSTATES and pack.area == "us":
            held = {official.chamber for official in found if official.sits_on(day)}
            here = tuple(official for official in here if official.chamber not in held)
        found.extend(here)
    return [official for official in found if not _has_left(official, ocd_id, day)]


def _has_left(official: Official, ocd_id: str, day: date) -> bool:
    """Whether a newer source says that the only seat of a division in Congress is empty.

    Not of somebody sworn in shortly before: a list of vacancies is often just moved on.
    """
    if official.chamber is not Chamber.US_HOUSE or official.as_of is None or official.is_demo:
        return False
    for pack in _people_packs(ocd_id, day):
        says_empty = store().people(pack).empty.get((ocd_id, official.chamber), 0)
        if says_empty and pack.made_on > official.as_of and rules.congress_on(pack.made_on) == rules.congress_on(day):
            return official.starts_on is None or official.starts_on < pack.made_on - _SWORN_IN_LATELY
    return False


def _known_empty(ocd_id: str, chamber: Chamber, day: date) -> int:
    """Seats that a source names as vacant; for Congress only as long as the Congress it speaks of."""
    return sum(
        store().people(pack).empty.get((ocd_id, chamber), 0)
        for pack in _people_packs(ocd_id, day)
        if chamber in STATE_CHAMBERS or rules.congress_on(pack.made_on) == rules.congress_on(day)
    )


def _seats(ocd_id: str, chamber: Chamber, day: date) -> Seats:
    named = store().division(ocd_id)
    total = _SENATORS if chamber is Chamber.US_SENATE else named[1] if named else 1
    listed = [official for official in _listed(ocd_id, day) if official.chamber is chamber]
    filled = sum(official.sits_on(day) for official in listed)
    if filled >= total:
        status = SeatStatus.FILLED
    elif filled + _known_empty(ocd_id, chamber, day) >= total or (
        len(listed) < total and _vouched(ocd_id, chamber, day)
    ):
        status = SeatStatus.VACANT
    else:
        status = SeatStatus.UNKNOWN
    return Seats(ocd_id, chamber, status, total, filled)


def _vouched(ocd_id: str, chamber: Chamber, day: date) -> bool:
    """Whether a pack lists this chamber for the Congress of that day: then nobody listed is nobody there.

    Of a state's legislature nobody listed may as well be a gap of the source: only a vacancy it names counts.
    """
    for pack in _people_packs(ocd_id, day):
        same_congress = chamber not in STATE_CHAMBERS and rules.congress_on(pack.made_on) == rules.congress_on(day)
        if chamber in store().people(pack).chambers and (pack.is_demo or same_congress):
            return True
    return False
