"""Who represents signers: names for lists and sheets, as the civic packs of today have them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _

from advocacy.civic import rules as civic_rules
from advocacy.civic.models import Chamber
from advocacy.civic.places import ALL_BY_CODE
from advocacy.civic.services import people


@dataclass(frozen=True)
class Seat:
    """A House district: its name, who sits for it, and the senators of its state."""

    district: str
    representatives: str
    senators: str


def senators_of(state_codes: Collection[str]) -> dict[str, str]:
    """The senators of several states by postal code, looked up together."""
    ids = {code: ALL_BY_CODE[code].ocd_id for code in state_codes if code in ALL_BY_CODE}
    names: dict[str, list[str]] = {}
    for official in people.officials_for(ids.values()):
        if official.chamber is Chamber.US_SENATE:
            names.setdefault(official.division_id, []).append(official.name)
    return {code: "; ".join(names.get(ocd_id, [])) for code, ocd_id in ids.items()}


def place_name(state_code: str) -> str:
    """A state's name; the code itself where none is known."""
    return ALL_BY_CODE[state_code].name if state_code in ALL_BY_CODE else state_code


def seats_of(division_ids: Collection[str]) -> dict[str, Seat]:
    """The seats of several districts, looked up together."""
    states = {division: civic_rules.state_id(division) for division in division_ids}
    names: dict[tuple[str, str], list[str]] = {}
    for official in people.officials_for({*division_ids, *states.values()}):
        names.setdefault((official.division_id, official.chamber), []).append(official.name)
    vacant = {
        seats.division_id
        for seats in people.seats_for(division_ids)
        if seats.chamber is Chamber.US_HOUSE and seats.status is people.SeatStatus.VACANT
    }
    return {
        division: Seat(
            civic_rules.name_of(division) or division,
            "; ".join(names.get((division, Chamber.US_HOUSE), []))
            or (_("Seat is vacant") if division in vacant else ""),
            "; ".join(names.get((state, Chamber.US_SENATE), [])),
        )
        for division, state in states.items()
    }


def seat_of(division_id: str | None, state_code: str) -> Seat | None:
    """Who speaks for one signer: for the district where it is known, else for the state."""
    if division_id:
        return seats_of({division_id})[division_id]
    names = senators_of({state_code}).get(state_code, "")
    return Seat("", "", names) if names else None
