"""Members of Congress from unitedstates/congress-legislators (JSON, YAML or CSV) and their district offices.

Source: the fields and their gaps are described in that project's README; the current term is the last one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from advocacy.civic import rules
from advocacy.civic.models import Chamber
from advocacy.civic.packs import congress_committees, files, past_terms, values
from advocacy.civic.packs.files import PackFile, PackRefused
from advocacy.civic.packs.members import NETWORKS, Board, Member
from advocacy.civic.packs.openstates_people import loose_day
from advocacy.civic.places import BY_CODE

_BIOGUIDE = re.compile(r"\A[A-Z]\d{6}\Z")
_CSV_COLUMNS = frozenset({"last_name", "first_name", "type", "state", "district", "party", "bioguide_id"})
_CHAMBERS = {"sen": Chamber.US_SENATE, "rep": Chamber.US_HOUSE}
_SENATORS = 2


@dataclass
class CongressData:
    """What the files hold."""

    members: list[Member] = field(default_factory=list)
    boards: list[Board] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)


def parse(packed: Sequence[PackFile]) -> CongressData:
    """Read one file of members and any number of files of district offices.

    Raises: PackRefused with the file or the member that is wrong.
    """
    found = CongressData()
    offices: dict[str, list[Any]] = {}
    social: dict[str, dict[str, str]] = {}
    seats: dict[str, list[Any]] = {}
    for file in packed:
        data = _content(file)
        if isinstance(data, dict):
            seats.update(data)
            continue
        entries = _entries(data, file)
        if all("offices" in entry for entry in entries):
            for entry in entries:
                offices.setdefault(_bioguide(entry, file.name), []).extend(values.entries(entry.get("offices")))
        elif all("terms" in entry for entry in entries):
            found.members.extend(_member(entry, file.name, found.dropped) for entry in entries)
        elif all("social" in entry for entry in entries):
            social.update({_bioguide(entry, file.name): values.handles(entry["social"], NETWORKS) for entry in entries})
        elif all("thomas_id" in entry for entry in entries):
            found.boards.extend(congress_committees.boards(entries, file.name, found.dropped))
        else:
            raise PackRefused(f"{file.name}: no list of members, offices, accounts, committees or their members")
    if not found.members:
        raise PackRefused(f"{packed[0].name}: no members")
    _refuse_doubles(found.members)
    found.members = [
        replace(_with_offices(member, offices.get(member.key, []), found.dropped), social=social.get(member.key, {}))
        for member in found.members
    ]
    found.boards = congress_committees.seated(found.boards, seats, {member.key for member in found.members})
    return found


def _content(file: PackFile) -> Any:  # noqa: ANN401 - whatever the file holds
    start = file.data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    if start in {b"[", b"{"}:
        return files.load_json(file)
    if file.name.lower().removesuffix(".gz").endswith(".csv"):
        return [_from_csv(row) for row in files.load_csv(file, _CSV_COLUMNS)]
    return files.load_yaml(file)


def _entries(entries: object, file: PackFile) -> list[Mapping[str, Any]]:
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise PackRefused(f"{file.name}: not a list of members")
    return entries


def _from_csv(row: Mapping[str, str]) -> dict[str, Any]:
    term = {
        key: row.get(key) or None
        for key in ("type", "state", "district", "party", "url", "address", "phone", "contact_form")
    }
    name = {
        "first": row["first_name"],
        "last": row["last_name"],
        "official_full": row.get("full_name") or None,
        "nickname": row.get("nickname") or None,
        "suffix": row.get("suffix") or None,
    }
    return {"id": {"bioguide": row["bioguide_id"]}, "name": name, "terms": [term]}


def _member(entry: Mapping[str, Any], file: str, dropped: Counter[str]) -> Member:
    key = _bioguide(entry, file)
    terms = values.entries(entry.get("terms"))
    if not terms or not isinstance(terms[-1], dict):
        raise PackRefused(f"{file}: {key}: no term")
    term = terms[-1]
    chamber = _CHAMBERS.get(values.word(term.get("type")) or "")
    place = BY_CODE.get(values.word(term.get("state")) or "")
    if chamber is None:
        raise PackRefused(f"{file}: {key}: neither senator nor representative")
    if place is None:
        raise PackRefused(f"{file}: {key}: unknown state {values.shown(term.get('state'))}")
    if chamber is Chamber.US_SENATE:
        ocd_id = place.ocd_id if place.has_senators else None
    else:
        number = term.get("district")
        ocd_id = (
            rules.house_id(place, number) if isinstance(number, int | str) and not isinstance(number, bool) else None
        )
    if ocd_id is None:
        raise PackRefused(f"{file}: {key}: {place.name} has no seat {values.shown(term.get('district'))}")
    name = entry.get("name")
    if not isinstance(name, dict):
        raise PackRefused(f"{file}: {key}: no name")
    given, family = values.line(name.get("first"), 60), values.line(name.get("last"), 60)
    if not given or not family:
        raise PackRefused(f"{file}: {key}: no name")
    suffix = values.line(name.get("suffix"), 20)
    full = (
        values.line(name.get("official_full"), 120)
        or f"{values.line(name.get('nickname'), 60) or given} {family}{', ' + suffix if suffix else ''}"
    )
    return Member(
        key,
        full,
        given,
        family,
        values.line(term.get("party"), 80) or "",
        ocd_id,
        chamber,
        values.day(term.get("start"), key, file),
        values.day(term.get("end"), key, file),
        values.phone(term.get("phone"), dropped),
        values.web_address(term.get("contact_form"), dropped),
        values.web_address(term.get("url"), dropped),
        values.line(term.get("address"), 200),
        ids={"bioguide": key},
        past_terms=past_terms.past(terms[:-1], _seat_before, _days_of),
    )


def _seat_before(term: Mapping[str, Any]) -> past_terms.type_seat:
    """A seat held before; one whose district is gone is told by its state."""
    chamber = _CHAMBERS.get(values.word(term.get("type")) or "")
    place = BY_CODE.get(values.word(term.get("state")) or "")
    if chamber is None or place is None:
        return None
    number = term.get("district")
    found = rules.house_id(place, number) if isinstance(number, int | str) and not isinstance(number, bool) else None
    return (found if found is not None and chamber is Chamber.US_HOUSE else place.ocd_id), chamber


def _days_of(term: Mapping[str, Any]) -> past_terms.type_days:
    return loose_day(term.get("start")), loose_day(term.get("end"), is_end=True)


def _refuse_doubles(members: Sequence[Member]) -> None:
    keys = Counter(member.key for member in members)
    held = Counter((member.ocd_id, member.chamber) for member in members)
    for key, count in keys.items():
        if count > 1:
            raise PackRefused(f"{key} is listed {count} times")
    for (ocd_id, chamber), count in held.items():
        seats = _SENATORS if chamber is Chamber.US_SENATE else 1
        if count > seats:
            raise PackRefused(f"{rules.name_of(ocd_id)}: {count} members listed, but {seats} in that chamber")


def _with_offices(member: Member, offices: Sequence[Any], dropped: Counter[str]) -> Member:
    kept = []
    for office in offices:
        if not isinstance(office, dict):
            dropped["offices"] += 1
            continue
        if (values.word(office.get("classification")) or "").lower() == "home":
            dropped["home offices"] += 1
            continue
        street = [values.line(office.get(part), 100) for part in ("address", "suite", "building")]
        shown = {
            "city": values.line(office.get("city"), 60),
            "address": ", ".join(part for part in street if part),
            "phone": values.phone(office.get("phone"), dropped),
            "fax": values.phone(office.get("fax"), dropped),
            "hours": values.line(office.get("hours"), 120),
        }
        kept.append({name: value for name, value in shown.items() if value})
    return replace(member, offices=tuple(kept))


def _bioguide(entry: Mapping[str, Any], file: str) -> str:
    ids = entry.get("id")
    key = ids.get("bioguide") if isinstance(ids, dict) else None
    if not isinstance(key, str) or not _BIOGUIDE.match(key):
        raise PackRefused(f"{file}: a member without a bioguide id")
    return key
