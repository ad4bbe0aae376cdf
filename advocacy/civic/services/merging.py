"""The same person in two packs: found by id when packs change, never by name alone.

Order (civic notes 3.5): the bioguide id that the other source gives; else the id that Open States makes of it; a seat
and a family name that agree are only a reason to look.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from advocacy.civic import queries
from advocacy.civic.models import Official, PackKind, PackState
from advocacy.core.db import db
from advocacy.core.text import fold

_NAMESPACE = uuid.UUID("bf6b57c6-8cfe-454c-bd26-9c2b508c30b2")
"""Source: openstates package, cli/convert_us.py."""


def derived_key(bioguide: str) -> str:
    """The id that Open States makes of a member's bioguide id."""
    return str(uuid.uuid5(_NAMESPACE, bioguide))


@dataclass(frozen=True)
class Seeming:
    """Two people who hold one seat by two lists and share a family name, but no id."""

    first: Any
    second: Any


def note_same_people(decided: Mapping[str, str]) -> list[Seeming]:
    """Mark who in the second list of Congress is somebody of the first; give who only seems to be.

    ``decided``: keys of the second list that people matched with keys of the first.

    Needs: a writing unit.
    """
    first = queries.people_of(PackKind.CONGRESS, PackState.ACTIVE)
    second = queries.people_of(PackKind.OPENSTATES, PackState.ACTIVE)
    derived = {derived_key(row.person_key): row.person_key for row in first}
    listed = {row.person_key for row in first}
    same: dict[str, str | None] = {}
    for row in second:
        bioguide = row.ids.get("bioguide")
        main = bioguide if bioguide in listed else derived.get(row.person_key)
        if main is None and decided.get(row.person_key) in listed:
            main = decided[row.person_key]
        same[row.person_key] = main
        if main != row.same_as:
            db.session.execute(update(Official).where(Official.id == row.id).values(same_as=main))
    taken = set(same.values())
    open_seats = {(row.ocd_id, row.chamber, fold(row.family_name)): row for row in first if row.person_key not in taken}
    seeming = []
    for row in second:
        other = open_seats.get((row.ocd_id, row.chamber, fold(row.family_name)))
        if other is not None and same[row.person_key] is None:
            seeming.append(Seeming(other, row))
    return seeming
