"""Everybody in office whom the packs name, for lists and single pages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from advocacy.civic import models, queries, rules
from advocacy.civic.directory_queries import Wanted, people_rows
from advocacy.civic.models import Chamber, Layer, PackKind
from advocacy.civic.places import ALL_BY_CODE, Place
from advocacy.civic.queries import Pack
from advocacy.civic.services.store import Official, official_of, store
from advocacy.core import clock
from advocacy.core.text import fold

PAGE_SIZE = 30


@dataclass(frozen=True)
class PeoplePage:
    """Some people and the key after which the next page begins."""

    officials: Sequence[Official]
    next_after: int | None


def people_page(
    *,
    state: str | None = None,
    chamber: Chamber | None = None,
    name: str = "",
    party: str = "",
    committee: str = "",
    after: int = 0,
    size: int = PAGE_SIZE,
    on: date | None = None,
) -> PeoplePage:
    """Those who sit on a day, in alphabetical order within each pack."""
    place = ALL_BY_CODE.get(state) if state else None
    wanted = Wanted(
        division=place.ocd_id if place is not None else None,
        chamber=chamber,
        words=fold(name).split() if name else (),
        party=party,
        committee=committee,
    )
    rows = people_rows(wanted, pack_ids=_listing_packs(), after=after, size=size + 1, day=on or clock.now().date())
    packs = {pack.id: pack for pack in store().packs()}
    shown = rows[:size]
    officials = [_known(person, term, packs[person.pack_id]) for person, term in shown]
    return PeoplePage(officials, shown[-1][0].id if len(rows) > size else None)


def person(key: str) -> Official | None:
    """One person by their lasting key, while a pack in use names them."""
    packs = {pack.id: pack for pack in store().packs()}
    today = clock.now().date()
    found = queries.person_row(key, [pack.id for pack in packs.values() if pack.covers(today)])
    if found is not None and found[0].same_as is not None:
        found = queries.person_row(found[0].same_as, list(packs)) or found
    return _known(*found, packs[found[0].pack_id]) if found is not None else None


def committees_of(official: Official) -> Sequence[Any]:
    """Rows ``(name, title, url)`` of the committees somebody sits in, whole committees first."""
    return queries.committee_rows([official.id, *official.other_keys], [pack.id for pack in store().packs()])


def _known(person: models.Official, term: models.OfficeTerm, pack: Pack) -> Official:
    """A person as look-ups show them, with what other sources filled in."""
    listed = store().people(pack).by_division.get(term.ocd_id, ())
    return next((one for one in listed if one.id == person.person_key), None) or official_of(person, term, pack)


def _listing_packs() -> list[int]:
    """The second list of Congress only fills in the first."""
    packs = store().packs()
    has_first = any(pack.kind == PackKind.CONGRESS and not pack.is_demo for pack in packs)
    return [pack.id for pack in packs if not (has_first and pack.kind == PackKind.OPENSTATES and pack.area == "us")]


def names(keys: Collection[str]) -> dict[str, str]:
    """The names behind lasting keys, in one query; those whom no pack names any more are left out."""
    wanted = {key for key in keys if key}
    return queries.person_names(wanted, [pack.id for pack in store().packs()]) if wanted else {}


def districts_of(place: Place) -> list[tuple[Chamber, tuple[str, ...]]]:
    """The districts of a state by chamber: the House always, state chambers as far as a pack named them."""
    found: list[tuple[Chamber, tuple[str, ...]]] = [(Chamber.US_HOUSE, place.house_ids)]
    known = [ocd_id for ocd_id in store().divisions() if rules.state_id(ocd_id) == place.ocd_id]
    for layer, chamber in ((Layer.UPPER, Chamber.STATE_UPPER), (Layer.LOWER, Chamber.STATE_LOWER)):
        ids = sorted((ocd_id for ocd_id in known if rules.layer_of(ocd_id) is layer), key=rules.sort_key)
        if ids:
            found.append((chamber, tuple(ids)))
    return found
