"""Reads about broadcasts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from advocacy.campaigns.models import Campaign
from advocacy.coalitions import rules as coalition_rules
from advocacy.core import crypto
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.paging import Page, take_page
from advocacy.mailings import broadcast_rules as rules
from advocacy.mailings import merging
from advocacy.mailings.audiences import Rule
from advocacy.mailings.broadcast_models import OBJECT_KIND, Broadcast, ProofReader
from advocacy.messaging.models import MailLot
from advocacy.messaging.rules import masked
from advocacy.messaging.services.bulk import LotCounts, counts_of
from advocacy.petitions.models import Petition
from advocacy.supporters import queries as supporters
from advocacy.supporters.models import ContactKind, ContactPoint, Person, PersonState

PAGE_SIZE = 30
MAIL = "mailings.broadcast"
NOTHING_YET = LotCounts(0, 0, 0, 0, None)


@dataclass(frozen=True)
class Example:
    """Somebody of an audience, as an outline: enough to see that it is the right crowd, not who it is."""

    name: str
    address: str


def broadcasts(actor: Actor, before: int | None = None, size: int = PAGE_SIZE) -> Page[Broadcast]:
    """The coalition's broadcasts, newest first.

    Raises: NotAllowed.
    """
    coalition_rules.require(actor, rules.VIEW)
    chosen = select(Broadcast).where(Broadcast.coalition_id == actor.coalition_id)
    if before is not None:
        chosen = chosen.where(Broadcast.id < before)
    rows = db.session.execute(chosen.order_by(Broadcast.id.desc()).limit(size + 1)).scalars().all()
    return take_page(rows, size)


def broadcast(actor: Actor, public_id: str, verb: str = rules.VIEW, *, lock: bool = False) -> Broadcast:
    """A broadcast of the coalition in view.

    Raises: NotFound for what is not there or another coalition's, NotAllowed without the capability.
    """
    chosen = select(Broadcast).where(Broadcast.public_id == public_id)
    if not actor.is_system or actor.coalition_id is not None:
        chosen = chosen.where(Broadcast.coalition_id == actor.coalition_id)
    if lock:
        chosen = chosen.with_for_update().execution_options(populate_existing=True)
    found = db.session.execute(chosen).scalar_one_or_none()
    if found is None:
        raise NotFound
    coalition_rules.require(actor, verb, found.coalition_id)
    return found


def locked(broadcast_id: int) -> Broadcast | None:
    """A broadcast for the worker, its row locked until the job ends."""
    chosen = select(Broadcast).where(Broadcast.id == broadcast_id).with_for_update()
    return db.session.execute(chosen.execution_options(populate_existing=True)).scalar_one_or_none()


def counts(ids: Collection[int]) -> dict[int, LotCounts]:
    """How far the sending of each is, by counters, in one query."""
    if not ids:
        return {}
    rows = db.session.execute(
        select(MailLot).where(MailLot.kind == MAIL, MailLot.object_kind == OBJECT_KIND, MailLot.object_id.in_(ids))
    )
    return {lot.object_id: counts_of(lot) for lot in rows.scalars()}


def examples(found: Broadcast) -> list[Example]:
    """A handful of the audience, masked; whoever was erased meanwhile is left out."""
    if not found.sample:
        return []
    rows = db.session.execute(
        select(Person, ContactPoint)
        .join(
            ContactPoint,
            (ContactPoint.coalition_id == Person.coalition_id) & (ContactPoint.person_id == Person.id),
        )
        .where(
            Person.coalition_id == found.coalition_id,
            Person.id.in_(found.sample),
            Person.state == PersonState.ACTIVE,
            ContactPoint.kind == ContactKind.EMAIL,
            ContactPoint.verified_at.is_not(None),
        )
        .order_by(Person.id, ContactPoint.id.desc())
    )
    seen: dict[int, Example] = {}
    for person, point in rows:
        if person.id not in seen:
            address = crypto.open_sealed(point.value_sealed, table="contact_point", column="value", row=point.public_id)
            name = merging.first_name(supporters.person_name(person), "")
            seen[person.id] = Example(f"{name[:1]}…" if name else "…", masked(address))
    return list(seen.values())


def titles(found: Broadcast) -> dict[tuple[str, int], str]:
    """The titles of what an audience names, by kind and id, in two queries."""
    rule = Rule.of_json(found.audience)
    petitions = {one for one in (rule.signed_id, rule.unsigned_id) if one}
    known: dict[tuple[str, int], str] = {}
    if petitions:
        rows = select(Petition.id, Petition.title).where(
            Petition.coalition_id == found.coalition_id, Petition.id.in_(petitions)
        )
        known |= {("petition", row.id): row.title for row in db.session.execute(rows)}
    if rule.campaign_id:
        chosen = select(Campaign.id, Campaign.title).where(
            Campaign.coalition_id == found.coalition_id, Campaign.id == rule.campaign_id
        )
        known |= {("campaign", row.id): row.title for row in db.session.execute(chosen)}
    return known


def proof_readers(coalition_id: int) -> set[int]:
    """The accounts on the coalition's test list."""
    rows = select(ProofReader.user_id).where(ProofReader.coalition_id == coalition_id)
    return set(db.session.execute(rows).scalars())


def campaign_choices(coalition_id: int) -> list[Campaign]:
    """The campaigns a mail can be about, newest first."""
    wanted = select(Campaign).where(Campaign.coalition_id == coalition_id).order_by(Campaign.id.desc()).limit(200)
    return list(db.session.execute(wanted).scalars())


def petition_choices(coalition_id: int) -> list[Petition]:
    """The petitions a mail can be about, newest first."""
    wanted = select(Petition).where(Petition.coalition_id == coalition_id).order_by(Petition.id.desc()).limit(200)
    return list(db.session.execute(wanted).scalars())
