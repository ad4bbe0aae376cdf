"""Reads of packs for the directory: who sits on a day, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from advocacy.civic.models import Chamber, CivicCommittee, CivicCommitteeSeat, OfficeTerm, Official
from advocacy.core.db import db


@dataclass(frozen=True)
class Wanted:
    """Whom to list. ``division`` also means everything below it; ``words`` and ``party`` are parts."""

    division: str | None = None
    chamber: Chamber | None = None
    words: Sequence[str] = ()
    party: str = ""
    committee: str = ""


def people_rows(
    wanted: Wanted, *, pack_ids: Sequence[int], after: int, size: int, day: date
) -> Sequence[tuple[Official, OfficeTerm]]:
    """People who sit on a day, in order of their ids, behind ``after``."""
    query = (
        select(Official, OfficeTerm)
        .join(OfficeTerm, OfficeTerm.official_id == Official.id)
        .where(Official.pack_id.in_(pack_ids), Official.id > after, Official.same_as.is_(None))
        .where(or_(OfficeTerm.starts_on.is_(None), OfficeTerm.starts_on <= day))
        .where(or_(OfficeTerm.sits_until.is_(None), OfficeTerm.sits_until > day))
        .order_by(Official.id)
        .limit(size)
    )
    if wanted.division is not None:
        below = OfficeTerm.ocd_id.startswith(f"{wanted.division}/")
        query = query.where(or_(OfficeTerm.ocd_id == wanted.division, below))
    if wanted.chamber is not None:
        query = query.where(OfficeTerm.chamber == wanted.chamber)
    if wanted.party:
        query = query.where(Official.party.icontains(wanted.party, autoescape=True))
    if wanted.committee:
        seats = (
            select(CivicCommitteeSeat.person_key)
            .join(
                CivicCommittee,
                (CivicCommittee.pack_id == CivicCommitteeSeat.pack_id)
                & (CivicCommittee.committee_key == CivicCommitteeSeat.committee_key),
            )
            .where(
                CivicCommitteeSeat.pack_id.in_(pack_ids),
                CivicCommittee.name.icontains(wanted.committee, autoescape=True),
            )
        )
        query = query.where(Official.person_key.in_(seats))
    for word in wanted.words:
        query = query.where(Official.folded_name.contains(word, autoescape=True))
    return [(row[0], row[1]) for row in db.session.execute(query)]
