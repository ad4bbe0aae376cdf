"""Who represents signers: names for lists and sheets, as the civic packs of today have them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _

from advocacy.civic import rules as civic_rules
from advocacy.civic.models import Chamber
from advocacy.civic.services import people


@dataclass(frozen=True)
class Seat:
    """A House district: its name, who sits for it, and the senators of its state."""

    district: str
    representatives: str
    senators: str


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
