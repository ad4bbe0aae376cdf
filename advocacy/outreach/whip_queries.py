"""How the votes on a bill look, chamber by chamber, from what was noted. Advice with its age, never a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from advocacy.campaigns.models import Bill
from advocacy.campaigns.queries import campaigns
from advocacy.civic.models import Chamber
from advocacy.civic.services.store import Official
from advocacy.coalitions import rules as coalition_rules
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.outreach import lawmaker_queries as lawmakers
from advocacy.outreach import position_queries as positions
from advocacy.outreach import rosters
from advocacy.outreach.position_models import Confidence, LawmakerPosition, Stand, VoteLine
from advocacy.outreach.rosters import District, Roster

OLD = timedelta(days=90)
"""Evidence that lies further back is shown as old."""
ORDER = (Stand.YES, Stand.LEANS_YES, Stand.UNDECIDED, Stand.UNKNOWN, Stand.LEANS_NO, Stand.NO)
_FIRST_TO_ASK = (Stand.UNDECIDED, Stand.LEANS_YES, Stand.LEANS_NO, Stand.UNKNOWN, Stand.YES, Stand.NO)


@dataclass(frozen=True)
class Vote:
    """One person of a chamber and where they stand; ``days`` is the age of the evidence."""

    official: Official
    district: District
    stand: Stand
    position: LawmakerPosition | None
    days: int | None
    holder_id: int | None
    last_contact_on: date | None

    @property
    def is_old(self) -> bool:
        """Whether the evidence lies far back."""
        return self.days is not None and self.days > OLD.days


@dataclass(frozen=True)
class Count:
    """A chamber's votes on a bill; all numbers are of seats and add up to ``seats``."""

    chamber: Chamber
    seats: int
    vacant: int
    not_listed: int
    by_stand: Mapping[Stand, int]
    needed: int
    reason: str
    votes: Sequence[Vote]

    @property
    def likely(self) -> int:
        """Seats that say yes or lean so."""
        return self.by_stand[Stand.YES] + self.by_stand[Stand.LEANS_YES]

    @property
    def missing(self) -> int:
        """Votes that are still needed beyond those."""
        return max(self.needed - self.likely, 0)

    @property
    def old(self) -> int:
        """Entries whose evidence lies far back."""
        return sum(vote.is_old for vote in self.votes)

    @property
    def guessed(self) -> int:
        """Entries that are only our reading."""
        return sum(vote.position is not None and vote.position.confidence == Confidence.GUESS for vote in self.votes)

    @property
    def noted(self) -> int:
        """People of whom anything is noted."""
        return sum(vote.stand is not Stand.UNKNOWN for vote in self.votes)

    @property
    def parts(self) -> list[tuple[str, int]]:
        """All seats in the order in which the picture shows them: code and number."""
        head = [(str(stand), self.by_stand[stand]) for stand in ORDER[:4]]
        tail = [(str(stand), self.by_stand[stand]) for stand in ORDER[4:]]
        return [*head, ("not_listed", self.not_listed), ("vacant", self.vacant), *tail]


def counts(actor: Actor, found: Bill) -> list[Count]:
    """The chambers that vote on a bill; none where what was entered names no place that is known.

    Raises: NotAllowed.
    """
    coalition_rules.require(actor, positions.VIEW, found.coalition_id)
    place = rosters.place_of_bill(found)
    stands, lines = positions.stands_on(found), vote_lines(found)
    today = campaigns.today(found.coalition_id)
    return [
        _count(actor, rosters.roster(place, chamber), stands, lines.get(chamber), today)
        for chamber in (rosters.legislature(place) if place else ())
    ]


def vote_lines(found: Bill) -> dict[str, VoteLine]:
    """How many votes it needs, by chamber, where somebody said so."""
    wanted = select(VoteLine).where(VoteLine.coalition_id == found.coalition_id, VoteLine.bill_id == found.id)
    return {row.chamber: row for row in db.session.execute(wanted).scalars()}


def majority(seats: int) -> int:
    """More than half of all seats."""
    return seats // 2 + 1


def _count(
    actor: Actor, roster: Roster, stands: Mapping[str, LawmakerPosition], line: VoteLine | None, today: date
) -> Count:
    votes = sorted(
        (_vote(one, stands.get(one.official.id), today) for one in lawmakers.lines(actor, roster)),
        key=lambda vote: (_FIRST_TO_ASK.index(vote.stand), vote.official.family_name, vote.official.id),
    )
    by_stand = {stand: sum(vote.stand is stand for vote in votes) for stand in Stand}
    seats = roster.seat_count
    return Count(
        chamber=roster.chamber,
        seats=seats,
        vacant=roster.vacant_count,
        not_listed=roster.unknown_count,
        by_stand=by_stand,
        needed=line.needed if line is not None else majority(seats),
        reason=line.reason if line is not None else "",
        votes=votes,
    )


def _vote(line: lawmakers.Line, row: LawmakerPosition | None, today: date) -> Vote:
    stand = Stand(row.stand) if row is not None else Stand.UNKNOWN
    return Vote(
        line.official,
        line.district,
        stand,
        row if stand is not Stand.UNKNOWN else None,
        (today - row.seen_on).days if row is not None and stand is not Stand.UNKNOWN else None,
        line.relationship.user_id if line.is_held and line.relationship is not None else None,
        line.last_contact_on,
    )
