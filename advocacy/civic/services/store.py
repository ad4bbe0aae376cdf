"""The active packs in memory: read once per process and pack, looked after every two seconds.

Packs never change once written, so what was read of one stays right until another version is active.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import current_app

from advocacy.civic import models, queries, rules
from advocacy.civic.models import Chamber, Layer, PackKind
from advocacy.civic.packs import past_terms
from advocacy.civic.places import DEMO_PLACES, Place
from advocacy.civic.queries import Pack
from advocacy.civic.services.areas import PackAreas
from advocacy.core import clock

_LOOK_S = 2.0
_CHOICES_KEPT = 4000
DEMO_AREA = "demo"
type_postal = dict[str, tuple[tuple[str, ...], str | None]]


@dataclass(frozen=True, slots=True)
class Official:
    """Somebody in office, as a pack describes them. ``id`` stays the same from version to version."""

    id: str
    name: str
    given_name: str
    family_name: str
    party: str
    division_id: str
    chamber: Chamber
    phone: str | None
    contact_form: str | None
    url: str | None
    address: str | None
    offices: tuple[dict[str, str], ...]
    starts_on: date | None
    ends_on: date | None
    sits_until: date | None
    source: str
    as_of: date | None
    is_demo: bool
    email: str | None = None
    seat: str | None = None
    social: tuple[tuple[str, str], ...] = ()
    taken: tuple[tuple[str, str, date | None], ...] = ()
    """Fields that another source filled in: field, source, day of its data."""
    other_keys: tuple[str, ...] = ()
    past_terms: tuple[tuple[str, Chamber, date, date | None], ...] = ()
    """Seats held before: division, chamber, first and last day."""

    def sits_on(self, day: date) -> bool:
        """Whether the pack vouches for them on a day."""
        return (self.starts_on is None or self.starts_on <= day) and (self.sits_until is None or day < self.sits_until)


@dataclass(frozen=True)
class People:
    """Everybody of one pack, by division."""

    by_division: dict[str, tuple[Official, ...]]
    chambers: frozenset[Chamber]
    empty: dict[tuple[str, str], int]


class Store:
    """What one app remembers."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._packs: tuple[Pack, ...] = ()
        self._divisions: dict[str, tuple[str, int]] = {}
        self._look_at = 0.0
        self._word = ""
        self._parts: dict[tuple[str, int, str], Any] = {}
        self._valid: dict[tuple[str, date, str], list[Pack]] = {}
        self.revision = 0

    def forget(self) -> None:
        """Read everything again at the next question."""
        with self._lock:
            self._look_at = 0.0
            self._parts.clear()
            self._valid = {}

    def packs(self) -> tuple[Pack, ...]:
        """The active packs."""
        if clock.monotonic() < self._look_at:
            return self._packs
        with self._lock:
            if clock.monotonic() >= self._look_at:
                found = tuple(pack for pack in queries.active_packs() if not pack.is_demo or shows_demo())
                word = queries.newest_word()
                if found != self._packs or word != self._word:
                    self._word = word
                    kept = {(pack.id, str(pack.imported_at)) for pack in found}
                    self._parts = {
                        key: part for key, part in self._parts.items() if key[1:] in kept and key[0] != "people"
                    }  # packs fill each other in: people are read anew
                    rows = [row for row in queries.division_rows() if not row[3] or shows_demo()]
                    self._divisions = {row[0]: (row[1], int(row[2])) for row in rows}
                    self._packs = found
                    self._valid = {}
                    self.revision += 1
                self._look_at = clock.monotonic() + _LOOK_S
        return self._packs

    def valid(self, kind: PackKind, day: date) -> list[Pack]:
        """The packs of a kind that hold on a day; of two for the same layer and area the one that began later."""
        return self._kept((str(kind), day, ""), lambda packs: self._choose(packs, kind, day))

    def valid_in(self, place: Place, kind: PackKind, day: date, layer: str = "") -> list[Pack]:
        """Those of them that speak of a state."""
        valid = self.valid(kind, day)
        return self._kept(
            (f"{kind}{layer}", day, place.code),
            lambda _packs: [pack for pack in valid if pack.layer == layer and is_in_area(place, pack)],
        )

    def _kept(self, key: tuple[str, date, str], choose: Callable[[tuple[Pack, ...]], list[Pack]]) -> list[Pack]:
        packs, known = self.packs(), self._valid
        if (found := known.get(key)) is None:
            found = choose(packs)
            if len(known) < _CHOICES_KEPT:
                known[key] = found
        return found

    @staticmethod
    def _choose(packs: Iterable[Pack], kind: PackKind, day: date) -> list[Pack]:
        chosen: dict[tuple[str, str], Pack] = {}
        for pack in packs:
            if pack.kind == kind and pack.covers(day):
                key = (pack.layer, pack.area)
                other = chosen.get(key)
                if other is None or (other.valid_from or date.min) <= (pack.valid_from or date.min):
                    chosen[key] = pack
        return list(chosen.values())

    def division(self, ocd_id: str) -> tuple[str, int] | None:
        """Name and number of seats of a division that a pack named."""
        self.packs()
        return self._divisions.get(ocd_id)

    def divisions(self) -> dict[str, tuple[str, int]]:
        """All of them."""
        self.packs()
        return self._divisions

    def tree(self, pack: Pack) -> PackAreas:
        """The polygons of a boundary pack."""
        found: PackAreas = self._part("tree", pack, _read_tree)
        return found

    def postal(self, pack: Pack) -> type_postal:
        """Code to divisions and town, of a ZIP table."""
        found: type_postal = self._part("postal", pack, _read_postal)
        return found

    def people(self, pack: Pack) -> People:
        """Everybody of a pack of people."""
        found: People = self._part("people", pack, _read_people)
        return found

    def _part(self, name: str, pack: Pack, read: Callable[[Pack], Any]) -> Any:  # noqa: ANN401 - one of the three above
        key = (name, pack.id, str(pack.imported_at))
        found = self._parts.get(key)
        if found is None:
            with self._lock:
                found = self._parts.get(key)
                if found is None:
                    found = self._parts[key] = read(pack)
        return found


def _read_tree(pack: Pack) -> PackAreas:
    return PackAreas(pack.id)


def _read_postal(pack: Pack) -> type_postal:
    lists: dict[str, list[str]] = {}
    towns: dict[str, str] = {}
    one: dict[str, str] = {}
    for code, ocd_id, town in queries.postal_rows(pack.id):
        lists.setdefault(code, []).append(one.setdefault(ocd_id, ocd_id))
        if town:
            towns[code] = town
    return {code: (tuple(sorted(ids, key=rules.sort_key)), towns.get(code)) for code, ids in lists.items()}


def official_of(person: models.Official, term: models.OfficeTerm, pack: Pack) -> Official:
    """A person and their seat as one value."""
    return Official(
        id=person.person_key,
        name=person.full_name,
        given_name=person.given_name,
        family_name=person.family_name,
        party=person.party,
        division_id=term.ocd_id,
        chamber=Chamber(term.chamber),
        phone=term.phone,
        contact_form=term.contact_form,
        url=term.url,
        address=term.address,
        offices=tuple(person.offices),
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        sits_until=term.sits_until,
        source=pack.name,
        as_of=pack.data_on,
        is_demo=pack.is_demo,
        email=person.email,
        seat=term.seat,
        social=tuple(sorted(person.social.items())),
        past_terms=past_terms.read(person.past_terms),
    )


def _read_people(pack: Pack) -> People:
    found: dict[str, list[Official]] = {}
    others, pins = others_of(pack), queries.pins()
    for person, term in queries.office_rows(pack.id):
        if person.same_as is None:
            official = filled(official_of(person, term, pack), others.get(person.person_key))
            official = pinned(official, pins.get(person.person_key, {}))
            found.setdefault(term.ocd_id, []).append(official)
    chambers = frozenset(official.chamber for group in found.values() for official in group)
    empty = {(row[0], row[1]): int(row[2]) for row in queries.vacancy_rows(pack.id)}
    return People({ocd_id: tuple(group) for ocd_id, group in found.items()}, chambers, empty)


type_other = tuple[models.Official, models.CivicPack]


def others_of(pack: Pack) -> dict[str, type_other]:
    """For the list of Congress: the same people as another pack describes them, by the key that leads."""
    if pack.kind != PackKind.CONGRESS or pack.is_demo:
        return {}
    return {str(person.same_as): (person, other) for person, other in queries.same_rows()}


def filled(official: Official, other: type_other | None) -> Official:
    """A person with what only the other source knows; what the leading list says is never replaced."""
    if other is None:
        return official
    person, pack = other
    known: dict[str, Any] = {
        "email": person.email,
        "offices": tuple(person.offices),
        "social": tuple(sorted(person.social.items())),
    }
    missing = {name: value for name, value in known.items() if value and not getattr(official, name)}
    taken = tuple((name, pack.name, pack.data_on) for name in missing)
    return replace(official, **missing, taken=taken, other_keys=(person.person_key,))


EDITOR = "editor"


def pinned(official: Official, pins: Mapping[str, tuple[str, datetime]]) -> Official:
    """A person with what editors say of them, over every pack."""
    if not pins:
        return official
    kept = tuple(fact for fact in official.taken if fact[0] not in pins)
    said = tuple((name, EDITOR, at.date()) for name, (_value, at) in sorted(pins.items()))
    facts: dict[str, Any] = {name: value for name, (value, _at) in pins.items()}
    return replace(official, **facts, taken=(*kept, *said))


def is_in_area(place: Place, pack: Pack) -> bool:
    """Whether a pack speaks about a state at all."""
    if place in DEMO_PLACES:
        return pack.area == DEMO_AREA
    return pack.area in {"us", place.code.lower()}


def shows_demo() -> bool:
    """Whether made-up places and people are shown: only on a demonstration, whatever the database holds."""
    return bool(current_app.extensions["advocacy.settings"].demo.enabled)


def boundary_layers(packs: Iterable[Pack], layer: Layer) -> list[Pack]:
    """The boundary packs of one layer."""
    return [pack for pack in packs if pack.layer == layer]


def store() -> Store:
    """The store of the running app."""
    found: Store | None = current_app.extensions.get("advocacy.civic")
    return found if found is not None else current_app.extensions.setdefault("advocacy.civic", Store())
