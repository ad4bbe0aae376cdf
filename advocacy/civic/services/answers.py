"""From divisions to an answer: people, seats, words of caution, sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from advocacy.civic import rules
from advocacy.civic.models import Chamber, Layer, PackKind
from advocacy.civic.places import DEMO_PLACES, Place
from advocacy.civic.services import choices
from advocacy.civic.services.people import STATE_CHAMBERS, SeatStatus, officials_for, seats_for
from advocacy.civic.services.results import LookupResult, Move, Option, Precision, Source, Status
from advocacy.civic.services.store import Official, store

_COARSE = frozenset({Precision.ZIP, Precision.STATE})
_PEOPLE = (PackKind.CONGRESS, PackKind.OPENSTATES)
_EXACT = frozenset({Precision.POINT, Precision.STREET})
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
    later: Sequence[tuple[date, str]] = (),
) -> LookupResult:
    """The divisions with their people, seats, words of caution and sources."""
    officials = tuple(officials_for(ids, day))
    seats = tuple(seats_for(ids, day))
    if precision in _COARSE:  # never state legislators from a ZIP code
        officials = tuple(official for official in officials if official.chamber not in STATE_CHAMBERS)
        seats = tuple(seat for seat in seats if seat.chamber not in STATE_CHAMBERS)
    place = rules.place_of(ids[0]) if ids else None
    about = {rules.place_of(ocd_id) for option in options for ocd_id in option.division_ids} if options else {place}
    said = list(warnings)
    if any(official.ends_on is not None and official.ends_on <= day for official in officials):
        said.append("term_ended")
    if any(seat.status is SeatStatus.UNKNOWN for seat in seats):
        said.append("no_people_data")
    if status is Status.OK and precision in _EXACT and place is not None:
        said.extend(_state_gaps(place, ids, day))
    if upcoming:
        said.append("next_map")
    if later:
        said.append("next_state_map")
    if any(one in DEMO_PLACES for one in about):
        said.append("demonstration")
    if any(seat.filled_count > seat.seat_count for seat in seats):
        said.append("too_many_listed")
    sources = _sources(day, precision, {one for one in about if one is not None}, {o.source for o in officials})
    dates = [source.as_of for source in sources if source.kind in _PEOPLE and source.as_of]
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
        _next_people(upcoming, day) if upcoming else (),
        tuple(Move(start, ocd_id, _next_legislators(ocd_id, start)) for start, ocd_id in later),
    )


def _next_people(upcoming: Sequence[str], day: date) -> tuple[Official, ...]:
    """Who sits for the district of the next map from its first day, as far as a pack knows already."""
    return tuple(
        official
        for official in officials_for(upcoming, rules.congress_starts(rules.congress_on(day) + 1))
        if official.division_id in upcoming and official.chamber is Chamber.US_HOUSE
    )


def _next_legislators(ocd_id: str, start: date) -> tuple[Official, ...]:
    """Who is known to sit for a state district from the first day of its new lines.

    A list names who sits now: for this district, by its old lines. Only a term that reaches beyond that day, or begins
    with it, says who will.
    """
    return tuple(
        official
        for official in officials_for([ocd_id], start)
        if official.division_id == ocd_id
        and ((official.ends_on is not None and official.ends_on > start) or official.starts_on == start)
    )


def _state_gaps(place: Place, ids: Sequence[str], day: date) -> list[str]:
    """What must be said of state legislators that are not shown."""
    if place.kind != "state" or place in DEMO_PLACES:
        return []
    if not any(rules.layer_of(ocd_id) in {Layer.UPPER, Layer.LOWER} for ocd_id in ids):
        has_map = any(store().valid_in(place, PackKind.BOUNDARIES, day, layer) for layer in (Layer.UPPER, Layer.LOWER))
        return ["no_state_district" if has_map else "no_state_map"]
    if not any(pack.area != "us" for pack in store().valid_in(place, PackKind.OPENSTATES, day)):
        return ["no_state_people"]
    return ["floterial"] if place.code == "NH" else []


def _sources(day: date, precision: Precision, about: set[Place], named: set[str]) -> tuple[Source, ...]:
    """The packs that this answer rests on; of those with state legislators only what named somebody."""
    kinds = [*_PEOPLE, *_MAPS.get(precision, ())]
    found = [
        Source(pack.name, pack.kind, pack.licence, pack.data_on)
        for kind in kinds
        for place in about
        for layer in (("cd", "sldu", "sldl") if kind == PackKind.BOUNDARIES else ("",))
        for pack in store().valid_in(place, kind, day, layer)
        if kind != PackKind.OPENSTATES or pack.name in named
    ]
    return tuple(dict.fromkeys(found))
