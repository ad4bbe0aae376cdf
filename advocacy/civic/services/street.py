"""A street address to divisions, with the help of a geocoder outside: before any transaction, within a budget.

The address lives in memory for the request. It goes to the geocoder and nowhere else; what is kept is division ids
under a keyed hash. Whatever fails, the look-up goes on by ZIP code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from advocacy.civic import queries, rules
from advocacy.civic.adapters import census_geocoder, google_civic
from advocacy.civic.adapters.ports import Geocoder, Match, NoSuchThing, ProviderDataError, SourceError, type_ask
from advocacy.civic.services import answer_cache, conflicts, inputs, points
from advocacy.civic.services.asking import Asking
from advocacy.civic.services.places_found import NOT_ASKED, NOT_KNOWN, Placed, Street
from advocacy.civic.services.sources import Source, configured
from advocacy.core import uow
from advocacy.core.actor import Actor
from advocacy.core.http_client import Budget

LOOKUP_S = 6.0
"""Of the eight seconds that a visitor waits at most; the rest is for our own part, on a busy machine too."""
GEOCODE_S = 4.0
_WORTH_ASKING_S = 0.5
_KIND = "address"
_MAX_PLACES = 6
_UNIT = re.compile(
    r"(?:, ?| )(?:(?:APT|APARTMENT|UNIT|STE|SUITE|RM|ROOM|FL|FLOOR|BLDG)\b\.? ?#? ?[\w-]+|# ?[\w-]+)(?=[ ,]|\Z)",
    re.IGNORECASE,
)
_ZIP = re.compile(r"\A\d{5}(?:-\d{4})?\Z", re.ASCII)
_ZIP4 = re.compile(r"\b(\d{5})-\d{4}\b", re.ASCII)
_STREET = re.compile(r"\A\d[\w/-]*\s+(?=.*[^\W\d])")
_MAKERS: dict[str, Callable[[type_ask], Geocoder]] = {
    census_geocoder.NAME: census_geocoder.CensusGeocoder,
    google_civic.NAME: google_civic.GoogleCivic,
}
"""Geocoders in the order in which they are asked."""


@dataclass(frozen=True)
class _Found:
    """What a geocoder said: its matches, an empty list for no such address."""

    source: Source
    matches: tuple[Match, ...]


def geocoders() -> list[Source]:
    """The geocoders that may be asked now, in order."""
    found = configured()
    return [found[name] for name in _MAKERS if name in found]


def locate(
    actor: Actor,
    address: object,
    *,
    postal_code: object = None,
    on: object = None,
    country: object = "US",
    for_people: bool = True,
) -> Street | None:
    """Look the street of an address up; ``None`` when it names none or nothing outside may be asked.

    ``postal_code`` is added where the address has none; ``for_people`` when somebody waits for the answer.

    Raises: RuleBroken on field ``address`` or ``on``.
    Needs: no open transaction.
    """
    del actor  # everybody may ask
    day = on if isinstance(on, date) else inputs.read_day(on)
    parts = inputs.read_address(address)
    line = outgoing(str(address))
    if parts.postal_code is None and isinstance(postal_code, str) and _ZIP.match(postal_code):
        line = f"{line}, {postal_code[:5]}"
    if parts.is_po_box or parts.is_military or country not in ("US", "us") or not _STREET.match(line):
        return None
    sources = geocoders()
    if not sources:
        return None
    budget = Budget(LOOKUP_S)
    with uow.reading():
        key = answer_cache.key_of(_KIND, line.upper(), points.edition(day), str(rules.congress_on(day)), _soon(day))
    with answer_cache.flights.one_by_one(key, min(GEOCODE_S, budget.left())) as has_turn:
        with uow.reading():
            kept = answer_cache.find(key)
        if kept is not None and kept.is_fresh:
            return _from_kept(kept)
        found = _ask_in_turn(sources, line, day, budget, for_people=for_people) if has_turn else None
        if found is None:
            return _from_kept(kept) if kept is not None else Street(warning=NOT_ASKED)
        with uow.reading():
            places = _places(found, day)
        with uow.unit():
            _keep(key, found, places, day)
    return _street(found, places, day)


def outgoing(address: str) -> str:
    """The address as it is sent and hashed: one line, without flat or unit, ZIP code of five digits."""
    line = " ".join(unicodedata.normalize("NFKC", address).split())
    return _ZIP4.sub(r"\1", _UNIT.sub("", line)).strip(" ,")


def _soon(day: date) -> str:
    return "both" if points.next_map_on(day) else "one"


def _ask_in_turn(sources: Sequence[Source], line: str, day: date, budget: Budget, *, for_people: bool) -> _Found | None:
    """The first geocoder that answers at all; "no such address" is an answer."""
    for source in sources:
        if budget.left() < _WORTH_ASKING_S:
            return None  # it would fail for want of time, and be thought broken
        asking = Asking(source, budget.at_most(GEOCODE_S), for_people=for_people)
        try:
            return _Found(source, _MAKERS[source.name](asking).geocode(line, rules.congress_on(day)))
        except NoSuchThing:
            return _Found(source, ())
        except ProviderDataError as error:
            asking.refuse(error)
        except SourceError:
            continue
    return None


def _places(found: _Found, day: date) -> tuple[Placed, ...]:
    """The places of all matches, each once: packs first, the geocoder for the layers they lack."""
    places: list[Placed] = []
    for match in found.matches:
        places.extend(place for place in _of_match(match, day) if place not in places)
    return tuple(places[:_MAX_PLACES])


def _of_match(match: Match, day: date) -> list[Placed]:
    congress = rules.congress_on(day)
    theirs = match.houses.get(congress)
    local = points.at(match.lat, match.lng, day) if match.lat is not None and match.lng is not None else None
    if local and len(local) > 1:
        return local  # on a line: the visitor knows the side of the street
    ids = list(local[0].division_ids) if local else [rules.state_id(theirs), theirs] if theirs else []
    if not ids:
        ids = [ocd_id for ocd_id in match.divisions if rules.place_of(ocd_id) == rules.place_of(match.divisions[0])]
    if not ids:
        known = list(match.houses.values())
        ids = [rules.state_id(known[0])] if known else []
    have = {rules.layer_of(ocd_id) for ocd_id in ids}
    for layer, code in match.codes:
        if layer not in have and ids:
            ids.extend(queries.district_codes(str(layer), code))
    upcoming = local[0].upcoming if local else ()
    later = match.houses.get(congress + 1)
    if not upcoming and later and points.next_map_on(day) and later not in ids:
        upcoming = (later,)
    warnings = local[0].warnings if local else ()
    moves = local[0].later if local else ()
    return [Placed(tuple(dict.fromkeys(ids)), upcoming, warnings, moves)] if ids else []


def _keep(key: bytes, found: _Found, places: tuple[Placed, ...], day: date) -> None:
    """Keep the divisions, and note where a geocoder and the packs disagree on the sitting map."""
    value = {
        "places": [
            [
                list(place.division_ids),
                list(place.upcoming),
                list(place.warnings),
                *([[[start.isoformat(), ocd_id] for start, ocd_id in place.later]] if place.later else []),
            ]
            for place in places
        ],
        "by": found.source.title,
        "on": day.isoformat(),
    }
    fresh = answer_cache.ADDRESS_FRESH if places else answer_cache.NOTHING_FRESH
    answer_cache.store(_KIND, key, value, fresh)
    theirs = {match.houses.get(rules.congress_on(day)) for match in found.matches} - {None}
    ours = {ocd_id for place in places for ocd_id in place.division_ids if rules.is_house(ocd_id)}
    if len(theirs) == len(ours) == 1 and theirs != ours:
        conflicts.note(found.source.name, ours.pop(), str(theirs.pop()))


def _street(found: _Found, places: tuple[Placed, ...], day: date) -> Street:
    return Street(places, found_by=found.source.title, found_on=day) if places else Street(warning=NOT_KNOWN)


def _from_kept(kept: answer_cache.Cached) -> Street:
    """A kept answer, as ids of ours only: whatever a row holds, nothing else comes out."""
    places = []
    for ids, upcoming, warnings, *rest in kept.value["places"]:
        said = [*warnings, *([] if kept.is_fresh else ["by_old_answer"])]
        later = tuple((date.fromisoformat(start), ocd_id) for start, ocd_id in (rest[0] if rest else ()))
        places.append(Placed(tuple(ids), tuple(upcoming), tuple(said), later))
    if not places:
        return Street(warning=NOT_KNOWN)
    return Street(tuple(places), found_by=kept.value["by"], found_on=kept.stored_at.date())
