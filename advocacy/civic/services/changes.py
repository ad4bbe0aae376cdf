"""What a new version of a pack changes: seats gained and lost, and who sits where somebody else sat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from advocacy.civic.models import (
    Boundary,
    CivicPack,
    DistrictCode,
    OfficeTerm,
    Official,
    PackKind,
    PostalDivision,
)
from advocacy.civic.services.incoming import Incoming
from advocacy.core.db import db

KEPT = 60
"""Lines of each kind that are kept to be shown; the numbers are whole."""
PEOPLE = frozenset({PackKind.CONGRESS, PackKind.OPENSTATES})
type_holders = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Changes:
    """The difference. ``changed`` holds for a seat its division, chamber, who left and who came."""

    gained: tuple[str, ...]
    lost: tuple[str, ...]
    changed: tuple[tuple[str, str, list[str], list[str]], ...]
    had_before: int

    def to_json(self) -> dict[str, Any]:
        """What is kept with the version; of a first one only that it is that."""
        if not self.had_before:
            return {"first": True}
        return {
            "gained": list(self.gained[:KEPT]),
            "lost": list(self.lost[:KEPT]),
            "changed": [list(line) for line in self.changed[:KEPT]],
            "gained_count": len(self.gained),
            "lost_count": len(self.lost),
            "changed_count": len(self.changed),
        }


def compare(incoming: Incoming, active: CivicPack | None) -> Changes:
    """What would be other than in the version in use."""
    holders = _holders_of(active) if active is not None and active.kind in PEOPLE else {}
    before = _seats_of(active, holders) if active is not None else frozenset()
    coming: type_holders = {}
    for member in incoming.members:
        coming.setdefault(f"{member.ocd_id}#{member.chamber}", {})[member.key] = member.full_name
    changed = []
    for seat, people in sorted(coming.items()):
        old = holders.get(seat)
        if old is not None and old.keys() != people.keys():
            left = [name for key, name in old.items() if key not in people]
            came = [name for key, name in people.items() if key not in old]
            if left and came:
                ocd_id, _, chamber = seat.partition("#")
                changed.append((ocd_id, chamber, left, came))
    gained, lost = sorted(incoming.seats - before), sorted(before - incoming.seats)
    return Changes(tuple(gained), tuple(lost), tuple(changed), len(before))


def _holders_of(pack: CivicPack) -> type_holders:
    """Keys and names of those who sit, by seat."""
    rows = db.session.execute(
        select(OfficeTerm.ocd_id, OfficeTerm.chamber, Official.person_key, Official.full_name)
        .join(Official, Official.id == OfficeTerm.official_id)
        .where(OfficeTerm.pack_id == pack.id)
    )
    found: type_holders = {}
    for ocd_id, chamber, key, name in rows:
        found.setdefault(f"{ocd_id}#{chamber}", {})[key] = name
    return found


def _seats_of(pack: CivicPack, holders: type_holders) -> frozenset[str]:
    if pack.kind in PEOPLE:
        return frozenset(f"{seat}#{number}" for seat, people in holders.items() for number in range(1, len(people) + 1))
    if pack.kind == PackKind.CROSSWALK:
        codes = db.session.execute(
            select(DistrictCode.layer, DistrictCode.geoid).where(DistrictCode.pack_id == pack.id)
        )
        return frozenset(f"{row[0]}:{row[1]}" for row in codes)
    column = Boundary.ocd_id if pack.kind == PackKind.BOUNDARIES else PostalDivision.code
    owner = Boundary.pack_id if pack.kind == PackKind.BOUNDARIES else PostalDivision.pack_id
    return frozenset(db.session.execute(select(column).where(owner == pack.id).distinct()).scalars())
