"""The answer to "who represents this place", as a value and as the JSON of the interface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from advocacy.civic import rules
from advocacy.civic.services.people import CHAMBERS, ROLES, Seats, role_of
from advocacy.civic.services.store import Official


class Status(StrEnum):
    """What a look-up came to."""

    OK = "ok"
    CHOOSE = "choose"
    NEED_ADDRESS = "need_address"
    NOT_FOUND = "not_found"
    UNAVAILABLE = "unavailable"


class Precision(StrEnum):
    """How exactly the place is known."""

    POINT = "point"
    STREET = "street"
    ZIP = "zip"
    STATE = "state"
    CHOSEN = "chosen"


WARNINGS: dict[str, Any] = {
    "address_by_zip": _l(
        "We looked up the ZIP code in this address. The street was not looked up, and the address was not kept."
    ),
    "address_by_street": _l("We looked this street up. The address was not kept; who helped stands below."),
    "street_not_found": _l("We could not find this street. Please check the house number and the spelling."),
    "street_unavailable": _l("The street could not be looked up just now."),
    "by_old_answer": _l("We took the answer from an earlier look-up of this address."),
    "address_without_zip": _l("We could not find a ZIP code in this address. Please add it."),
    "several_states": _l("This place lies in more than one state, so senators are not shown."),
    "several_districts": _l("This place lies in more than one district. Please choose yours."),
    "po_box": _l("This ZIP code is for post office boxes. It does not tell where you live."),
    "military": _l("This is a military address. Your district is where you are registered to vote."),
    "unknown_zip": _l("We do not know this ZIP code. Please check it, or choose your district yourself."),
    "no_zip_area": _l("This ZIP code belongs to one building or organization. It does not tell your district."),
    "no_district_data": _l("This site has no districts for that place and day. You can choose your district yourself."),
    "outside": _l("This point lies outside the districts we know. If you typed it, check that latitude comes first."),
    "near_line": _l(
        "This point is within about 50 meters of a district line. Please check that the district is right."
    ),
    "near_shore": _l("This point lies just outside a district. We took the nearest one."),
    "term_ended": _l("The term of one person listed here has ended in our data. They may have left office."),
    "no_people_data": _l("This site has no list of people for that seat and day."),
    "too_many_listed": _l("The list names more people for one seat than it has. One of them may have left."),
    "no_state_map": _l(
        "This site has no map of the districts of this state's legislature, so state legislators are not shown."
    ),
    "no_state_district": _l("On our map, no district of this state's legislature reaches this point."),
    "no_state_people": _l("This site has no list of this state's legislators."),
    "floterial": _l(
        "New Hampshire has districts that overlap others and are on no map. Their members are not shown here."
    ),
    "next_map": _l("From the next Congress on, this place lies in another district."),
    "next_state_map": _l("The lines of this state's legislature change soon, and this place then lies elsewhere."),
    "demonstration": _l("This place and these people are made up."),
    "not_represented": _l("This place has no seat in the Congress of the United States."),
}


@dataclass(frozen=True)
class Option:
    """One of several districts: ``token`` is posted back as ``choice``."""

    token: str
    label: str
    division_ids: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """Where something was read."""

    name: str
    kind: str
    licence: str
    as_of: date | None


@dataclass(frozen=True)
class Move:
    """A district of the state's legislature in which a place lies from a day on, and who is known to sit for it."""

    on: date
    division_id: str
    officials: tuple[Official, ...] = ()


@dataclass(frozen=True)
class LookupResult:
    """Everything a page or a program needs; for ``need_address`` and ``choose``, what is certain already."""

    status: Status
    on: date
    precision: Precision
    state: str | None = None
    town: str | None = None
    divisions: tuple[str, ...] = ()
    officials: tuple[Official, ...] = ()
    seats: tuple[Seats, ...] = ()
    options: tuple[Option, ...] = ()
    warnings: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    as_of: date | None = None
    next_divisions: tuple[str, ...] = ()
    next_officials: tuple[Official, ...] = ()
    moves: tuple[Move, ...] = ()

    @property
    def next_on(self) -> date | None:
        """The first day of the next map, where it changes anything."""
        return rules.congress_starts(rules.congress_on(self.on) + 1) if self.next_divisions else None

    def to_json(self, names: dict[str, str]) -> dict[str, Any]:
        """The contract's JSON; ``names`` gives a name for each division."""
        return {
            "status": str(self.status),
            "on": self.on.isoformat(),
            "congress": rules.congress_on(self.on),
            "precision": str(self.precision),
            "place": {"country": "US", "state": self.state, "town": self.town},
            "divisions": _divisions(self.divisions, names),
            "officials": [_official(official, names) for official in self.officials],
            "seats": [_seats(seats, names) for seats in self.seats],
            "options": [
                {"token": option.token, "label": option.label, "divisions": _divisions(option.division_ids, names)}
                for option in self.options
            ],
            "next_divisions": _divisions(self.next_divisions, names),
            "next_on": rules.congress_starts(rules.congress_on(self.on) + 1).isoformat()
            if self.next_divisions
            else None,
            "next_officials": [_official(official, names) for official in self.next_officials],
            "next_state": [
                {
                    "on": move.on.isoformat(),
                    "division": _divisions([move.division_id], names)[0],
                    "officials": [_official(official, names) for official in move.officials],
                }
                for move in self.moves
            ],
            "warnings": [{"code": code, "text": str(WARNINGS[code])} for code in self.warnings],
            "as_of": _day(self.as_of),
            "sources": [
                {"name": source.name, "kind": source.kind, "licence": source.licence, "as_of": _day(source.as_of)}
                for source in self.sources
            ],
            "choose_url": "/representatives/districts",
        }


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _divisions(ids: Sequence[str], names: dict[str, str]) -> list[dict[str, str]]:
    return [{"id": ocd_id, "name": names.get(ocd_id, ocd_id), "layer": str(rules.layer_of(ocd_id))} for ocd_id in ids]


def _official(official: Official, names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": official.id,
        "name": official.name,
        "given_name": official.given_name,
        "family_name": official.family_name,
        "role": str(ROLES[role_of(official.division_id, official.chamber)]),
        "chamber": str(official.chamber),
        "party": official.party,
        "division_id": official.division_id,
        "district": names.get(official.division_id, official.division_id),
        "phone": official.phone,
        "email": official.email,
        "contact_form": official.contact_form,
        "url": official.url,
        "address": official.address,
        "term_start": _day(official.starts_on),
        "term_end": _day(official.ends_on),
        "source": official.source,
        "as_of": _day(official.as_of),
    }


def _seats(seats: Seats, names: dict[str, str]) -> dict[str, Any]:
    return {
        "division_id": seats.division_id,
        "district": names.get(seats.division_id, seats.division_id),
        "chamber": str(seats.chamber),
        "chamber_name": str(CHAMBERS[seats.chamber]),
        "role": str(ROLES[seats.role]),
        "status": str(seats.status),
        "seats": seats.seat_count,
        "filled": seats.filled_count,
    }
