"""Everybody in office whom the packs name, for lists and single pages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from advocacy.civic import queries, rules
from advocacy.civic.models import Chamber, Layer
from advocacy.civic.places import ALL_BY_CODE, Place
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
    after: int = 0,
    size: int = PAGE_SIZE,
    on: date | None = None,
) -> PeoplePage:
    """Those who sit on a day, in alphabetical order within each pack."""
    place = ALL_BY_CODE.get(state) if state else None
    rows = queries.people_rows(
        pack_ids=[pack.id for pack in store().packs()],
        division=place.ocd_id if place is not None else None,
        chamber=chamber,
        words=fold(name).split() if name else [],
        after=after,
        size=size + 1,
        day=on or clock.now().date(),
    )
    packs = {pack.id: pack for pack in store().packs()}
    shown = rows[:size]
    officials = [official_of(person, term, packs[person.pack_id]) for person, term in shown]
    return PeoplePage(officials, shown[-1][0].id if len(rows) > size else None)


def person(key: str) -> Official | None:
    """One person by their lasting key, while a pack in use names them."""
    packs = {pack.id: pack for pack in store().packs()}
    found = queries.person_row(key, list(packs))
    return official_of(*found, packs[found[0].pack_id]) if found is not None else None


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
