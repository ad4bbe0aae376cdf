"""Reads about people in office as one coalition sees them: who holds the contact, when they were reached last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, or_, select

from advocacy.civic.services import directory
from advocacy.civic.services.store import Official
from advocacy.coalitions import queries as coalition_queries
from advocacy.coalitions import rules as coalition_rules
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.legislators import keys
from advocacy.legislators import queries as legislators
from advocacy.outreach import contact_queries
from advocacy.outreach.lawmaker_models import Relationship
from advocacy.outreach.models import ContactLog
from advocacy.outreach.position_models import Commitment, LawmakerPosition
from advocacy.outreach.queries import VIEW
from advocacy.outreach.rosters import District, Roster

HISTORY = 20


@dataclass(frozen=True)
class Lawmaker:
    """A person in office, the coalition's own too, or one whom no pack names any more but of whom it has notes."""

    key: str
    name: str
    official: Official | None

    @property
    def is_own(self) -> bool:
        """Whether the coalition entered this person itself."""
        return legislators.is_own(self.key)


@dataclass(frozen=True)
class Line:
    """A person in a list of a chamber."""

    official: Official
    district: District
    relationship: Relationship | None
    is_held: bool
    last_contact_on: date | None


def lawmaker(actor: Actor, key: str, verb: str = VIEW) -> Lawmaker:
    """Somebody in office, or somebody of whom the coalition in view has notes.

    Raises: NotFound for everybody else; NotAllowed.
    """
    coalition_rules.require(actor, verb, actor.coalition_id)
    if actor.coalition_id is None or not keys.is_key(key):
        raise NotFound
    if legislators.is_own(key):
        return Lawmaker(key, legislators.lawmaker(actor, key).full_name, None)
    official = directory.person(key)
    if official is not None:
        return Lawmaker(key, official.name, official)
    if not _has_notes(actor.coalition_id, key):
        raise NotFound
    return Lawmaker(key, key, None)


def in_view(actor: Actor) -> int:
    """The coalition in view.

    Raises: NotFound when there is none.
    """
    if actor.coalition_id is None:
        raise NotFound
    return actor.coalition_id


def relationship(coalition_id: int, key: str, *, lock: bool = False) -> Relationship | None:
    """Who holds the contact to somebody now."""
    wanted = select(Relationship).where(
        Relationship.coalition_id == coalition_id, Relationship.legislator_key == key, Relationship.ended_at.is_(None)
    )
    return db.session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()


def past_relationships(coalition_id: int, key: str) -> Sequence[Relationship]:
    """Who held it before, the latest first."""
    wanted = select(Relationship).where(
        Relationship.coalition_id == coalition_id,
        Relationship.legislator_key == key,
        Relationship.ended_at.is_not(None),
    )
    return db.session.execute(wanted.order_by(Relationship.id.desc()).limit(HISTORY)).scalars().all()


def relationships(coalition_id: int, keys: Collection[str]) -> dict[str, Relationship]:
    """Who holds the contact to each of these people, in one query."""
    wanted = select(Relationship).where(
        Relationship.coalition_id == coalition_id,
        Relationship.legislator_key.in_(keys),
        Relationship.ended_at.is_(None),
    )
    return {row.legislator_key: row for row in db.session.execute(wanted).scalars()} if keys else {}


def may_hold(coalition_id: int) -> list[int]:
    """The accounts that can hold a relationship: whoever may read contacts."""
    return coalition_queries.user_ids_with(coalition_id, VIEW)


def lines(actor: Actor, found: Roster) -> list[Line]:
    """Everybody of a chamber, each with who holds the contact; somebody who left the coalition holds none.

    Raises: NotAllowed.
    """
    coalition_rules.require(actor, VIEW)
    if actor.coalition_id is None:
        return []
    listed = list(found.officials)
    held = relationships(actor.coalition_id, listed)
    reached = contact_queries.last_contacts(actor.coalition_id, listed)
    holders = set(may_hold(actor.coalition_id))
    return [
        Line(
            official,
            district,
            held.get(key),
            key in held and held[key].user_id in holders,
            reached.get(key),
        )
        for key, (official, district) in found.officials.items()
    ]


def _has_notes(coalition_id: int, key: str) -> bool:
    """Whether anything of a coalition names this key."""
    held = exists().where(Relationship.coalition_id == coalition_id, Relationship.legislator_key == key)
    reached = exists().where(
        ContactLog.coalition_id == coalition_id, ContactLog.legislator_key == key, ContactLog.removed_at.is_(None)
    )
    stands = exists().where(LawmakerPosition.coalition_id == coalition_id, LawmakerPosition.legislator_key == key)
    promised = exists().where(Commitment.coalition_id == coalition_id, Commitment.legislator_key == key)
    return bool(db.session.execute(select(or_(held, reached, stands, promised))).scalar())
