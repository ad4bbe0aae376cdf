"""In which districts a coalition is known: who holds a contact, who was reached, where people signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from advocacy.campaigns.queries import campaigns
from advocacy.civic.models import Chamber
from advocacy.civic.rules import place_of
from advocacy.coalitions import rules as coalition_rules
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.outreach import lawmaker_queries as lawmakers
from advocacy.outreach.queries import VIEW
from advocacy.outreach.rosters import District, Roster
from advocacy.petitions.models import Petition, PetitionPlaceTally

FRESH = timedelta(days=180)
"""A contact that lies further back no longer says that an office knows us."""
PETITIONS = 200
FEWEST = 10
"""Domain X-14: how many people a number about a place must be of at least."""


@dataclass(frozen=True)
class Covered:
    """A district, and what connects the coalition with it; ``signer_count`` is ``None`` where it cannot be known."""

    district: District
    names: Sequence[str]
    is_held: bool
    last_contact_on: date | None
    is_reached: bool
    signer_count: int | None

    @property
    def has_signers(self) -> bool:
        """Whether somebody there signed a petition of ours."""
        return bool(self.signer_count)

    @property
    def marks(self) -> int:
        """How many of the three there are."""
        return self.is_held + self.is_reached + self.has_signers


@dataclass(frozen=True)
class Coverage:
    """A chamber's districts, and how many of them have each."""

    districts: Sequence[Covered]
    held: int
    reached: int
    signed: int | None
    blank: int


def coverage(actor: Actor, roster: Roster) -> Coverage:
    """What connects the coalition with each district of a chamber.

    Raises: NotAllowed.
    """
    coalition_rules.require(actor, VIEW)
    if actor.coalition_id is None:
        return Coverage([], 0, 0, None, 0)
    by_district: dict[str, list[lawmakers.Line]] = {}
    for line in lawmakers.lines(actor, roster):
        by_district.setdefault(line.district.division_id, []).append(line)
    signers = _signers(actor.coalition_id, roster.chamber)
    since = campaigns.today(actor.coalition_id) - FRESH
    found = [_covered(one, by_district.get(one.division_id, []), signers, since) for one in roster.districts]
    return Coverage(
        found,
        held=sum(one.is_held for one in found),
        reached=sum(one.is_reached for one in found),
        signed=None if signers is None else sum(one.has_signers for one in found),
        blank=sum(one.marks == 0 for one in found),
    )


def _covered(
    district: District, lines: Sequence[lawmakers.Line], signers: Mapping[str, int] | None, since: date
) -> Covered:
    last = max((line.last_contact_on for line in lines if line.last_contact_on is not None), default=None)
    return Covered(
        district,
        [line.official.name for line in lines],
        any(line.is_held for line in lines),
        last,
        last is not None and last >= since,
        None if signers is None else signers.get(district.division_id, 0),
    )


def _signers(coalition_id: int, chamber: Chamber) -> dict[str, int] | None:
    """Confirmed signers of the coalition's newest petitions, by division, from the tallies; of Congress only."""
    if chamber not in {Chamber.US_HOUSE, Chamber.US_SENATE}:
        return None
    petitions = select(Petition.id).where(Petition.coalition_id == coalition_id).order_by(Petition.id.desc())
    wanted = (
        select(PetitionPlaceTally.division_id, func.sum(PetitionPlaceTally.signature_count))
        .where(PetitionPlaceTally.petition_id.in_(petitions.limit(PETITIONS)), PetitionPlaceTally.division_id != "")
        .group_by(PetitionPlaceTally.division_id)
    )
    found: dict[str, int] = {}
    for division_id, count in db.session.execute(wanted):
        place = place_of(division_id)
        key = place.ocd_id if chamber is Chamber.US_SENATE and place is not None else division_id
        found[key] = found.get(key, 0) + int(count)
    return found
