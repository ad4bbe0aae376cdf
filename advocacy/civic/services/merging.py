"""The same person in two packs: found by id when packs change, never by name alone.

Order (civic notes 3.5): the bioguide id that the other source gives; else the id that Open States makes of it; a seat
and a family name that agree are only a reason to look.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

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


def note_same_people() -> list[str]:
    """Mark who in the second list of Congress is somebody of the first; say who only seems to be.

    Needs: a writing unit.
    """
    first = queries.people_of(PackKind.CONGRESS, PackState.ACTIVE)
    second = queries.people_of(PackKind.OPENSTATES, PackState.ACTIVE)
    derived = {derived_key(row.person_key): row.person_key for row in first}
    listed = {row.person_key for row in first}
    review = []
    taken: set[str] = set()
    for row in second:
        bioguide = row.ids.get("bioguide")
        main = bioguide if bioguide in listed else derived.get(row.person_key)
        taken.update([main] if main else [])
        if main != row.same_as:
            db.session.execute(update(Official).where(Official.id == row.id).values(same_as=main))
    open_seats = {(row.ocd_id, row.chamber, fold(row.family_name)): row for row in first if row.person_key not in taken}
    for row in second:
        other = open_seats.get((row.ocd_id, row.chamber, fold(row.family_name)))
        if other is not None and row.ids.get("bioguide") not in listed and row.person_key not in derived:
            review.append(row.full_name)
    return review


def said(review: Sequence[str]) -> str | None:
    """One line of the import's report."""
    if not review:
        return None
    return f"{len(review)} of Congress seem to be in both lists, by seat and family name only: {', '.join(review[:10])}"
