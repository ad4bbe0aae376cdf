"""People of legislatures from openstates/people: its repository (folder or archive) or its bulk CSV.

Source: the project's schema.md. Homes of legislators stand in it too: an office of class ``home`` is never kept.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from advocacy.civic.packs import files, openstates_people, trees
from advocacy.civic.packs.files import PackFile, PackRefused
from advocacy.civic.packs.members import NETWORKS, Board, EmptySeats, Member
from advocacy.civic.packs.trees import Leaf
from advocacy.civic.places import BY_CODE

_IN_TREE = re.compile(r"(?:\A|/)([a-z]{2})/(legislature|committees|executive|municipalities|retired)/[^/]+\.ya?ml\Z")
_BULK = re.compile(r"(?:\A|/)([a-z]{2})\.csv\Z")
_SETTINGS = re.compile(r"(?:\A|/)settings[^/]*\.ya?ml\Z")
_COLUMNS = frozenset({"id", "name", "current_party", "current_district", "current_chamber"})
US = "us"


@dataclass
class Legislature:
    """What a source holds of one jurisdiction; ``code`` is ``us`` or the two letters of a state."""

    code: str
    members: list[Member] = field(default_factory=list)
    boards: list[Board] = field(default_factory=list)
    empty: list[EmptySeats] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    unknown_seats: list[str] = field(default_factory=list)
    changed_on: date | None = None
    digest: Any = field(default_factory=hashlib.sha256)

    @property
    def sha256(self) -> str:
        """A fingerprint of everything read."""
        return str(self.digest.hexdigest())


def parse(sources: Iterable[Path], on: date) -> list[Legislature]:
    """Read people, committees and known vacancies, as they stand on a day.

    Raises: PackRefused naming the file or the person that is wrong.
    """
    found: dict[str, Legislature] = {}
    vacant: Mapping[str, Any] = {}
    for source in sources:
        for leaf in trees.leaves(source):
            path = str(leaf.path)
            if match := _IN_TREE.search(path):
                _take_yaml(found, match.group(1), match.group(2), leaf, on)
            elif match := _BULK.search(path):
                _take_csv(found, match.group(1), leaf, on)
            elif _SETTINGS.search(path):
                vacant = _mapping(leaf)
    for code, legislature in found.items():
        openstates_people.add_vacancies(legislature, vacant.get(code))
        _refuse_doubles(legislature)
    kept = [legislature for _code, legislature in sorted(found.items()) if legislature.members]
    if not kept:
        raise PackRefused("no people of Open States in what was given")
    return kept


def _of(found: dict[str, Legislature], code: str, leaf: Leaf) -> Legislature:
    if code != US and code.upper() not in BY_CODE:
        raise PackRefused(f"{leaf.path.name}: no state has the code {code!r}")
    legislature = found.setdefault(code, Legislature(code))
    legislature.digest.update(f"{leaf.path.name}\0{len(leaf.data)}\0".encode())
    legislature.digest.update(leaf.data)
    legislature.changed_on = max(legislature.changed_on or leaf.changed_on, leaf.changed_on)
    return legislature


def _take_yaml(found: dict[str, Legislature], code: str, folder: str, leaf: Leaf, on: date) -> None:
    if folder not in {"legislature", "committees"}:
        return  # governors, mayors and those who left hold no seat of a legislature
    legislature = _of(found, code, leaf)
    entry = _mapping(leaf)
    if folder == "committees":
        board = openstates_people.board(entry, code, leaf.path.name)
        if board is not None:
            legislature.boards.append(board)
        return
    openstates_people.take_person(legislature, entry, leaf.path.name, on)


def _take_csv(found: dict[str, Legislature], code: str, leaf: Leaf, on: date) -> None:
    legislature = _of(found, code, leaf)
    for row in files.load_csv(_packed(leaf), _COLUMNS):
        openstates_people.take_person(legislature, _from_csv(row), leaf.path.name, on)


def _from_csv(row: Mapping[str, str]) -> dict[str, Any]:
    """A row in the form of the repository; its ``capitol_*`` columns are always empty (a fault of the exporter)."""
    offices = [
        {"classification": name, "address": row.get(f"{name}_address"), "voice": row.get(f"{name}_voice")}
        for name in ("capitol", "district")
        if row.get(f"{name}_address") or row.get(f"{name}_voice")
    ]
    return {
        "id": row["id"],
        "name": row["name"],
        "given_name": row.get("given_name"),
        "family_name": row.get("family_name"),
        "email": row.get("email"),
        "image": row.get("image"),
        "party": [{"name": row["current_party"]}],
        "roles": [{"type": row["current_chamber"], "district": row["current_district"]}],
        "offices": offices,
        "links": [{"url": url} for url in (row.get("links") or "").split(";") if url],
        "ids": {name: row[name] for name in NETWORKS if row.get(name)},
    }


def _mapping(leaf: Leaf) -> Mapping[str, Any]:
    entry = files.load_yaml(_packed(leaf))
    if not isinstance(entry, dict):
        raise PackRefused(f"{leaf.path.name}: not what the people repository holds")
    return entry


def _packed(leaf: Leaf) -> PackFile:
    return PackFile(PurePosixPath(leaf.path).name, leaf.data, "", leaf.changed_on)


def _refuse_doubles(legislature: Legislature) -> None:
    for key, count in Counter(member.key for member in legislature.members).items():
        if count > 1:
            raise PackRefused(f"{legislature.code}: {key} is listed {count} times")
    kept: dict[str, Board] = {}
    for board in legislature.boards:
        kept.setdefault(board.key, board)
    legislature.boards = list(kept.values())
