"""One person, one committee, one list of empty seats of Open States, checked: unknown kinds of role are passed over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from advocacy.civic import rules
from advocacy.civic.models import Chamber, Layer
from advocacy.civic.packs import past_terms, values
from advocacy.civic.packs.files import PackRefused
from advocacy.civic.packs.members import NETWORKS, Board, CommitteeMember, EmptySeats, Member
from advocacy.civic.places import BY_CODE

if TYPE_CHECKING:
    from advocacy.civic.packs.openstates import Legislature

_PERSON = re.compile(r"\Aocd-person/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\Z")
_ORGANIZATION = re.compile(r"\Aocd-organization/([0-9a-f-]{36})\Z")
_BIOGUIDE = re.compile(r"\A[A-Z]\d{6}\Z")
_FEDERAL = re.compile(r"\A([A-Z]{2})-(AL|\d{1,2})\Z")
_PARTIAL_DAY = re.compile(r"\A(\d{4})(?:-(\d{2}))?\Z")
_KEPT_OFFICES = frozenset({"capitol", "capitol-mail", "district", "district-mail", "primary"})
_CHAMBERS = {"upper": "upper", "lower": "lower", "legislature": "legislature"}
_BY_NAME = {place.name: place for place in BY_CODE.values()}


@dataclass(frozen=True)
class Seat:
    """A seat by division and chamber."""

    ocd_id: str
    chamber: Chamber
    name: str | None = None


def take_person(legislature: Legislature, entry: Mapping[str, Any], file: str, on: date) -> None:
    """Add a person who sits on a day; others are counted.

    Raises: PackRefused on an entry without id or name.
    """
    match = _PERSON.match(values.word(entry.get("id")) or "")
    full = values.line(entry.get("name"), 120)
    if match is None or full is None:
        raise PackRefused(f"{file}: a person without a usable id or name")
    role = _role_on(entry, on)
    if role is None:
        legislature.dropped["people without a seat today"] += 1
        return
    seat = seat_of(legislature.code, values.word(role.get("type")) or "", role.get("district"))
    if seat is None:
        legislature.unknown_seats.append(f"{full}: {values.shown(role.get('district'))}")
        return
    member = _member(entry, (match.group(1), full), seat, role, legislature.dropped)
    legislature.members.append(replace(member, past_terms=_past_terms(legislature.code, entry, on)))


def _past_terms(code: str, entry: Mapping[str, Any], on: date) -> tuple[dict[str, str], ...]:
    """Seats that somebody held before, in the same legislature."""

    def seat(role: Mapping[str, Any]) -> past_terms.type_seat:
        ends = loose_day(role.get("end_date"), is_end=True)
        found = seat_of(code, values.word(role.get("type")) or "", role.get("district"))
        return (found.ocd_id, found.chamber) if found is not None and ends is not None and ends < on else None

    def days(role: Mapping[str, Any]) -> past_terms.type_days:
        return loose_day(role.get("start_date")), loose_day(role.get("end_date"), is_end=True)

    return past_terms.past(values.entries(entry.get("roles")), seat, days)


def seat_of(code: str, kind: str, district: object) -> Seat | None:
    """The seat that a role names; ``None`` when there is no such seat."""
    name = str(district).strip() if isinstance(district, str | int) and not isinstance(district, bool) else ""
    chamber = _CHAMBERS.get(kind)
    if not name or chamber is None:
        return None
    if code == "us":
        return _federal_seat(chamber, name)
    place = BY_CODE[code.upper()]
    if place.code == "DC":
        ward = name.lower().removeprefix("ward ")
        ocd_id = rules.canonical(f"{place.ocd_id}/ward:{ward}") if ward.isdigit() else place.ocd_id
        return Seat(ocd_id, Chamber.COUNCIL, None if ward.isdigit() else name[:20]) if ocd_id else None
    is_upper = chamber in {"upper", "legislature"}  # Nebraska's one chamber is drawn as the Census draws senates
    layer, held = (Layer.UPPER, Chamber.STATE_UPPER) if is_upper else (Layer.LOWER, Chamber.STATE_LOWER)
    if place.code == "PR" and is_upper and name == "At-Large":
        return Seat(f"{place.ocd_id}/{layer}:at-large", held)
    found = rules.district_id(place, layer, name)
    return Seat(found, held, rules.seat_name(place, layer, name)) if found else None


def _federal_seat(chamber: str, name: str) -> Seat | None:
    if chamber == "upper":
        place = _BY_NAME.get(name)
        return Seat(place.ocd_id, Chamber.US_SENATE) if place is not None and place.has_senators else None
    match = _FEDERAL.match(name.upper())
    place = BY_CODE.get(match.group(1)) if match else None
    found = rules.house_id(place, match.group(2)) if match and place is not None else None
    return Seat(found, Chamber.US_HOUSE) if found else None


def _role_on(entry: Mapping[str, Any], on: date) -> Mapping[str, Any] | None:
    """The role held on a day, else one that ended lately: who is still listed may still sit (an end means "check")."""
    ended = None
    for role in values.entries(entry.get("roles")):
        if not isinstance(role, dict) or role.get("type") not in _CHAMBERS:
            continue
        begins, ends = loose_day(role.get("start_date")), loose_day(role.get("end_date"), is_end=True)
        if begins is not None and begins > on:
            continue
        if ends is None or ends >= on:
            return role
        if ended is None and on - ends < rules.DOUBT:
            ended = role
    return ended


def loose_day(value: object, *, is_end: bool = False) -> date | None:
    """A day, also of a year or a month alone; nothing where it says nothing usable."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value) if isinstance(value, str | int) else ""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    match = _PARTIAL_DAY.match(text)
    if match is None or not 1 <= int(match.group(2) or 1) <= 12:  # noqa: PLR2004 - months
        return None
    year, month = int(match.group(1)), int(match.group(2) or (12 if is_end else 1))
    return date(year, month, 28 if is_end else 1) if year else None


def _member(
    entry: Mapping[str, Any], named: tuple[str, str], seat: Seat, role: Mapping[str, Any], dropped: Counter[str]
) -> Member:
    key, full = named
    words = full.split()
    offices = _offices(entry, dropped)
    capitol = next((office for office in offices if office["kind"] == "capitol"), {})
    email, form = _email(entry.get("email"), dropped)
    links = [link for link in values.entries(entry.get("links")) if isinstance(link, dict)]
    forms = [link.get("url") for link in links if link.get("note") == "webform"]
    return Member(
        key,
        full,
        values.line(entry.get("given_name"), 60) or words[0][:60],
        values.line(entry.get("family_name"), 60) or words[-1][:60],
        _party(entry),
        seat.ocd_id,
        seat.chamber,
        loose_day(role.get("start_date")),
        loose_day(role.get("end_date"), is_end=True),
        capitol.get("phone") or next((office["phone"] for office in offices if "phone" in office), None),
        form or (values.web_address(forms[0], dropped) if forms else None),
        next((url for link in links if (url := values.web_address(link.get("url"), dropped))), None),
        capitol.get("address"),
        tuple(office for office in offices if office is not capitol or "fax" in office),
        email,
        values.web_address(entry.get("image"), dropped),
        seat.name,
        _ids(entry, key),
        values.handles(entry.get("ids"), NETWORKS),
    )


def _offices(entry: Mapping[str, Any], dropped: Counter[str]) -> list[dict[str, str]]:
    kept = []
    for office in values.entries(entry.get("offices")):
        kind = (values.word(office.get("classification")) or "").strip().lower() if isinstance(office, dict) else ""
        if kind not in _KEPT_OFFICES:
            dropped["home offices" if kind == "home" else "offices of an unknown kind"] += 1
            continue
        shown = {
            "kind": kind,
            "address": values.line(office.get("address"), 200),
            "phone": values.phone(office.get("voice"), dropped),
            "fax": values.phone(office.get("fax"), dropped),
        }
        kept.append({name: value for name, value in shown.items() if value})
    return kept


def _email(value: object, dropped: Counter[str]) -> tuple[str | None, str | None]:
    """An address for mail, or the web form that stands in its place for members of Congress."""
    if isinstance(value, str) and "@" not in value:
        return None, values.web_address(value, dropped)
    return values.email(value, dropped), None


def _party(entry: Mapping[str, Any]) -> str:
    names = [
        name
        for party in values.entries(entry.get("party"))
        if isinstance(party, dict) and not party.get("end_date") and (name := values.line(party.get("name"), 80))
    ]
    return "/".join(names)[:80]


def _ids(entry: Mapping[str, Any], key: str) -> dict[str, str]:
    found = {"openstates": key}
    for other in values.entries(entry.get("other_identifiers")):
        if isinstance(other, dict) and other.get("scheme") == "bioguide":
            bioguide = values.word(other.get("identifier")) or ""
            if _BIOGUIDE.match(bioguide):
                found["bioguide"] = bioguide
    return found


def board(entry: Mapping[str, Any], code: str, file: str) -> Board | None:
    """A committee with its members; ``None`` for one that has ended or has no usable id."""
    match = _ORGANIZATION.match(values.word(entry.get("id")) or "")
    name = values.line(entry.get("name"), 200)
    if match is None or name is None:
        raise PackRefused(f"{file}: a committee without a usable id or name")
    parent = _ORGANIZATION.match(values.word(entry.get("parent")) or "")
    people: dict[str, CommitteeMember] = {}
    for rank, member in enumerate(values.entries(entry.get("members")), start=1):
        person = _PERSON.match(values.word(member.get("person_id")) or "") if isinstance(member, dict) else None
        if person is not None:
            title = values.line(member.get("role"), 80) or "member"
            people.setdefault(person.group(1), CommitteeMember(person.group(1), title, rank))
    links = [link.get("url") for link in values.entries(entry.get("links")) if isinstance(link, dict)]
    return Board(
        match.group(1),
        name,
        values.line(entry.get("chamber"), 12) or "",
        code.upper(),
        parent.group(1) if parent else None,
        values.web_address(links[0], Counter()) if links else None,
        None,
        tuple(people.values()),
    )


def add_vacancies(legislature: Legislature, entry: object) -> None:
    """The seats that the project knows to be empty."""
    listed = values.entries(entry.get("vacancies")) if isinstance(entry, dict) else []
    counted: Counter[Seat] = Counter()
    until: dict[Seat, date | None] = {}
    for vacancy in listed:
        if not isinstance(vacancy, dict):
            continue
        seat = seat_of(legislature.code, values.word(vacancy.get("chamber")) or "", vacancy.get("district"))
        if seat is None:
            legislature.unknown_seats.append(f"vacancy: {values.shown(vacancy.get('district'))}")
            continue
        whole = Seat(seat.ocd_id, seat.chamber)
        counted[whole] += 1
        until[whole] = loose_day(vacancy.get("vacant_until"))
    legislature.empty = [EmptySeats(seat.ocd_id, seat.chamber, count, until[seat]) for seat, count in counted.items()]
    legislature.digest.update(
        repr(sorted((seat.ocd_id, count, str(until[seat])) for seat, count in counted.items())).encode()
    )
