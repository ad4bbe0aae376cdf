"""Reads about fact cards and asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select

from advocacy.campaigns.models import Ask, AskFact, Campaign, CampaignFact, Fact
from advocacy.campaigns.queries import campaigns as queries
from advocacy.coalitions import rules as roles
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.paging import Page, take_page

PAGE = 50


def facts(actor: Actor, after: int | None = None, size: int = PAGE, *, retired: bool = False) -> Page[Fact]:
    """The library of the coalition in view, the newest card first.

    Raises: NotAllowed.
    """
    roles.require(actor, queries.VIEW, actor.coalition_id)
    wanted = select(Fact).where(Fact.coalition_id == actor.coalition_id, Fact.is_retired.is_(retired))
    if after is not None:
        wanted = wanted.where(Fact.id < after)
    return take_page(db.session.execute(wanted.order_by(Fact.id.desc()).limit(size + 1)).scalars().all(), size)


def fact(actor: Actor, public_id: str, verb: str = queries.VIEW, *, lock: bool = False) -> Fact:
    """A card of the coalition in view.

    Raises: NotFound, NotAllowed.
    """
    wanted = select(Fact).where(Fact.coalition_id == actor.coalition_id, Fact.public_id == public_id)
    found = db.session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    roles.require(actor, verb, found.coalition_id)
    return found


def facts_of(found: Campaign) -> Sequence[Fact]:
    """The cards on a campaign's page that still hold."""
    wanted = (
        select(Fact)
        .join(CampaignFact, CampaignFact.fact_id == Fact.id)
        .where(CampaignFact.campaign_id == found.id, Fact.is_retired.is_(False))
        .order_by(Fact.id)
    )
    return db.session.execute(wanted).scalars().all()


def asks(found: Campaign) -> Sequence[Ask]:
    """What a campaign asks for, in its order."""
    return db.session.execute(select(Ask).where(Ask.campaign_id == found.id).order_by(Ask.rank, Ask.id)).scalars().all()


def ask(actor: Actor, public_id: str) -> Ask:
    """An ask of the coalition in view.

    Raises: NotFound.
    """
    wanted = select(Ask).where(Ask.coalition_id == actor.coalition_id, Ask.public_id == public_id)
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def facts_for_asks(found: Campaign) -> Mapping[int, Sequence[Fact]]:
    """The cards that speak for each ask of a campaign."""
    rows = db.session.execute(
        select(AskFact.ask_id, Fact)
        .join(Fact, Fact.id == AskFact.fact_id)
        .join(Ask, Ask.id == AskFact.ask_id)
        .where(Ask.campaign_id == found.id, Fact.is_retired.is_(False))
        .order_by(Fact.id)
    )
    by_ask: dict[int, list[Fact]] = {}
    for ask_id, card in rows:
        by_ask.setdefault(ask_id, []).append(card)
    return by_ask


def facts_to_review(actor: Actor, today: date, size: int = 10) -> Sequence[Fact]:
    """Cards of the coalition in view whose day to look again has come, the longest ago first."""
    wanted = select(Fact).where(
        Fact.coalition_id == actor.coalition_id, Fact.is_retired.is_(False), Fact.review_on <= today
    )
    return db.session.execute(wanted.order_by(Fact.review_on, Fact.id).limit(size)).scalars().all()
