"""Committees of Congress and who sits in them (committees-current, committee-membership-current)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from advocacy.civic.packs import values
from advocacy.civic.packs.files import PackRefused
from advocacy.civic.packs.members import Board, CommitteeMember

_CODE = re.compile(r"\A[A-Z]{4}\d{0,2}\Z")
_PART = re.compile(r"\A\d{2}\Z")
_CHAMBERS = {"house": "lower", "senate": "upper", "joint": "legislature"}


def boards(entries: Sequence[Mapping[str, Any]], file: str, dropped: Counter[str]) -> list[Board]:
    """Committees and their parts.

    Raises: PackRefused on one without a code or a name.
    """
    found = []
    for entry in entries:
        whole = _board(entry, values.word(entry.get("thomas_id")) or "", None, file, dropped)
        found.append(replace(whole, chamber=_CHAMBERS.get(values.word(entry.get("type")) or "", "")))
        for part in values.entries(entry.get("subcommittees")):
            number = values.word(part.get("thomas_id")) if isinstance(part, dict) else None
            if number is None or not _PART.match(number):
                dropped["parts of committees"] += 1
                continue
            below = _board(part, f"{whole.key}{number}", whole.key, file, dropped)
            found.append(replace(below, chamber=found[-1].chamber))
    for key, count in Counter(board.key for board in found).items():
        if count > 1:
            raise PackRefused(f"{file}: committee {key} is listed {count} times")
    return found


def _board(entry: Mapping[str, Any], key: str, parent: str | None, file: str, dropped: Counter[str]) -> Board:
    name = values.line(entry.get("name"), 200)
    if not _CODE.match(key) or name is None:
        raise PackRefused(f"{file}: a committee without a usable code or name")
    url = values.web_address(entry.get("url"), dropped)
    return Board(key, name, "", "US", parent, url, values.phone(entry.get("phone"), dropped))


def seated(found: Sequence[Board], seats: Mapping[str, Any], known: Collection[str]) -> list[Board]:
    """The committees with their members; only people whom the list of members names."""
    return [replace(board, members=_members(values.entries(seats.get(board.key)), known)) for board in found]


def _members(entries: Sequence[Any], known: Collection[str]) -> tuple[CommitteeMember, ...]:
    people: dict[str, CommitteeMember] = {}
    for rank, entry in enumerate(entries, start=1):
        key = values.word(entry.get("bioguide")) if isinstance(entry, dict) else None
        if key in known and key is not None:
            title = values.line(entry.get("title"), 80) or "member"
            people.setdefault(key, CommitteeMember(key, title, rank))
    return tuple(people.values())
