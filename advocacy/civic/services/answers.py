"""From divisions to an answer: people, seats, words of caution, sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from advocacy.civic import rules
from advocacy.civic.models import PackKind
from advocacy.civic.places import DEMO_PLACES, Place
from advocacy.civic.services import choices
from advocacy.civic.services.people import SeatStatus, officials_for, seats_for
from advocacy.civic.services.results import LookupResult, Option, Precision, Source, Status
from advocacy.civic.services.store import is_in_area, store

_MAPS = {Precision.POINT: (PackKind.BOUNDARIES,), Precision.ZIP: (PackKind.ZCTA,)}


def division_name(ocd_id: str) -> str:
    """A name for people; the id itself when nobody named it."""
    named = store().division(ocd_id)
    return (named[0] if named else None) or rules.name_of(ocd_id) or ocd_id


def ask(
    options: Sequence[str], day: date, precision: Precision, *, town: str | None = None, warnings: Sequence[str] = ()
) -> LookupResult:
    """Several districts: let the visitor choose; what they share is certain."""
    states_found = {rules.state_id(ocd_id) for ocd_id in options}
    certain = tuple(states_found) if len(states_found) == 1 else ()
    named = [
        Option(choices.sign_choice([ocd_id]), division_name(ocd_id), (ocd_id,))
        for ocd_id in sorted(options, key=rules.sort_key)
    ]
    why = "several_districts" if certain else "several_states"
    return answer(Status.CHOOSE, day, precision, certain, town=town, warnings=[*warnings, why], options=named)


def ask_places(
    places: Sequence[tuple[str, ...]], day: date, precision: Precision, *, warnings: Sequence[str] = ()
) -> LookupResult:
    """Several places, each with its divisions: what tells them apart names them, never an address."""
    shared = {ocd_id for ocd_id in places[0] if all(ocd_id in ids for ids in places)}
    options = [
        Option(
            choices.sign_choice(ids),
            ", ".join(
                division_name(ocd_id) for ocd_id in ids if ocd_id not in shared and ocd_id != rules.state_id(ocd_id)
            )
            or division_name(ids[-1]),
            ids,
        )
        for ids in sorted(places, key=lambda ids: [rules.sort_key(ocd_id) for ocd_id in ids])
    ]
    certain = tuple(ocd_id for ocd_id in places[0] if ocd_id in shared)
    why = "several_districts" if certain else "several_states"
    return answer(Status.CHOOSE, day, precision, certain, warnings=[*warnings, why], options=options)


def answer(
    status: Status,
    day: date,
    precision: Precision,
    ids: tuple[str, ...],
    *,
    town: str | None = None,
    warnings: Sequence[str] = (),
    options: Sequence[Option] = (),
    upcoming: tuple[str, ...] = (),
) -> LookupResult:
    """The divisions with their people, seats, words of caution and sources."""
    officials = tuple(officials_for(ids, day))
    seats = tuple(seats_for(ids, day))
    place = rules.place_of(ids[0]) if ids else None
    about = {rules.place_of(ocd_id) for option in options for ocd_id in option.division_ids} if options else {place}
    said = list(warnings)
    if any(official.ends_on is not None and official.ends_on <= day for official in officials):
        said.append("term_ended")
    if any(seat.status is SeatStatus.UNKNOWN for seat in seats):
        said.append("no_people_data")
    if upcoming:
        said.append("next_map")
    if any(one in DEMO_PLACES for one in about):
        said.append("demonstration")
    sources = _sources(day, precision, {one for one in about if one is not None})
    dates = [source.as_of for source in sources if source.kind == PackKind.CONGRESS and source.as_of]
    return LookupResult(
        status,
        day,
        precision,
        place.code if place else None,
        town,
        ids,
        officials,
        seats,
        tuple(options),
        tuple(dict.fromkeys(said)),
        sources,
        min(dates, default=None),
        upcoming,
    )


def _sources(day: date, precision: Precision, about: set[Place]) -> tuple[Source, ...]:
    """The packs that this answer rests on."""
    kinds = [PackKind.CONGRESS, *_MAPS.get(precision, ())]
    found = [
        Source(pack.name, pack.kind, pack.licence, pack.data_on)
        for kind in kinds
        for pack in store().valid(kind, day)
        if any(is_in_area(place, pack) for place in about)
    ]
    return tuple(dict.fromkeys(found))
