"""Who sits in a chamber of a place, seat by seat, from the civic packs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from advocacy.campaigns.models import Bill
from advocacy.civic import rules as civic_rules
from advocacy.civic.models import Chamber
from advocacy.civic.places import PLACES, Place
from advocacy.civic.services import directory, lookup, people
from advocacy.civic.services.people import SeatStatus
from advocacy.civic.services.store import Official

CONGRESS = "US"
"""The code that stands for the whole country."""
FEDERAL = (Chamber.US_HOUSE, Chamber.US_SENATE)
STATE = (Chamber.STATE_UPPER, Chamber.STATE_LOWER)
_COUNTRY = frozenset({"us", "usa", "united states", "united states of america", "u.s.", "congress", "u.s. congress"})


@dataclass(frozen=True)
class District:
    """The seats of one division in a chamber."""

    division_id: str
    name: str
    officials: Sequence[Official]
    seat_count: int
    is_vacant: bool

    @property
    def open_count(self) -> int:
        """Seats that nobody known holds."""
        return max(self.seat_count - len(self.officials), 0)

    @property
    def short(self) -> str:
        """What stands on a tile: the number of the district, or the state's letters."""
        place = civic_rules.place_of(self.division_id)
        code = place.code if place is not None else ""
        return civic_rules.short_number(self.division_id).upper() if ":" in self._tail else code

    @property
    def _tail(self) -> str:
        return self.division_id.rpartition("/")[2] if self.division_id.count("/") > 2 else ""  # noqa: PLR2004 - country, state, district


@dataclass(frozen=True)
class Roster:
    """A chamber of a place; ``place`` is a state's code or ``US``."""

    place: str
    chamber: Chamber
    districts: Sequence[District]

    @cached_property
    def officials(self) -> dict[str, tuple[Official, District]]:
        """Everybody who sits, by lasting key."""
        return {one.id: (one, district) for district in self.districts for one in district.officials}

    @property
    def seat_count(self) -> int:
        """All seats, empty ones too."""
        return sum(max(district.seat_count, len(district.officials)) for district in self.districts)

    @property
    def vacant_count(self) -> int:
        """Seats that a source says are empty."""
        return sum(district.open_count for district in self.districts if district.is_vacant)

    @property
    def unknown_count(self) -> int:
        """Seats of which nobody says who holds them."""
        return sum(district.open_count for district in self.districts if not district.is_vacant)


def roster(place_code: str, chamber: Chamber) -> Roster:
    """The seats of a chamber today; without any where no pack knows it."""
    ids = _divisions(place_code, chamber)
    seats = {seat.division_id: seat for seat in people.seats_for(ids) if seat.chamber is chamber}
    sitting: dict[str, list[Official]] = {}
    for official in people.officials_for(seats):
        if official.chamber is chamber:
            sitting.setdefault(official.division_id, []).append(official)
    names = lookup.names_of(seats)
    found = [
        District(ocd_id, names[ocd_id], sitting.get(ocd_id, []), seat.seat_count, seat.status is SeatStatus.VACANT)
        for ocd_id, seat in sorted(seats.items(), key=lambda item: civic_rules.sort_key(item[0]))
    ]
    return Roster(place_code, chamber, found if sitting else [])


def chambers(place_code: str) -> list[Chamber]:
    """The chambers that a place is asked about."""
    if place_code == CONGRESS:
        return list(FEDERAL)
    place = _place(place_code)
    known = {chamber for chamber, _ids in directory.districts_of(place)} if place is not None else set()
    has_senators = place is not None and place.has_senators
    return [*(one for one in STATE if one in known), Chamber.US_HOUSE, *([Chamber.US_SENATE] if has_senators else [])]


def legislature(place_code: str) -> list[Chamber]:
    """The chambers that vote on a place's own bills."""
    return list(FEDERAL) if place_code == CONGRESS else [one for one in chambers(place_code) if one in STATE]


def place_of_bill(bill: Bill) -> str:
    """The code of the place whose bill it is, as far as what was entered says; empty when it does not."""
    for text in (bill.jurisdiction, bill.ocd_id or ""):
        found = place_named(text)
        if found:
            return found
    return ""


def place_named(text: str) -> str:
    """A place by code, name, or any Open Civic Data id that names it."""
    plain = text.strip().casefold()
    if plain in _COUNTRY or plain.startswith(
        ("ocd-jurisdiction/country:us/government", "ocd-jurisdiction/country:us/leg")
    ):
        return CONGRESS
    for place in lookup.states():
        names = {place.code.casefold(), place.name.casefold(), place.name.removesuffix(" (made up)").casefold()}
        if plain in names or f"/{place.kind}:{place.code.lower()}/" in f"{plain}/":
            return place.code
    return ""


def names(keys: Iterable[str]) -> Mapping[str, str]:
    """Names behind lasting keys."""
    return directory.names(list(keys))


def _place(code: str) -> Place | None:
    return next((place for place in lookup.states() if place.code == code), None)


def _divisions(place_code: str, chamber: Chamber) -> list[str]:
    places: Sequence[Place] = [found] if (found := _place(place_code)) is not None else []
    if place_code == CONGRESS:
        places = [place for place in PLACES if place.kind == "state"]  # delegates have no vote on the floor
    if chamber is Chamber.US_HOUSE:
        return [ocd_id for place in places for ocd_id in place.house_ids]
    if chamber is Chamber.US_SENATE:
        return [place.ocd_id for place in places if place.has_senators]
    return [
        ocd_id for place in places for one, ids in directory.districts_of(place) if one is chamber for ocd_id in ids
    ]
