"""Reads about bills."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from advocacy.campaigns.models import Bill, BillAction, BillVersion, Campaign, CampaignBill, PositionProposal
from advocacy.campaigns.queries import campaigns as queries
from advocacy.coalitions import rules as roles
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.paging import Page, take_page

PAGE = 50


def bills(actor: Actor, after: int | None = None, size: int = PAGE) -> Page[Bill]:
    """Bills that the coalition in view follows, the newest entry first.

    Raises: NotAllowed.
    """
    roles.require(actor, queries.VIEW, actor.coalition_id)
    wanted = select(Bill).where(Bill.coalition_id == actor.coalition_id)
    if after is not None:
        wanted = wanted.where(Bill.id < after)
    return take_page(db.session.execute(wanted.order_by(Bill.id.desc()).limit(size + 1)).scalars().all(), size)


def bill(actor: Actor, public_id: str, verb: str = queries.VIEW, *, lock: bool = False) -> Bill:
    """A bill of the coalition in view.

    Raises: NotFound, also for another coalition's; NotAllowed.
    """
    wanted = select(Bill).where(Bill.coalition_id == actor.coalition_id, Bill.public_id == public_id)
    found = db.session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    roles.require(actor, verb, found.coalition_id)
    return found


def public_bill(public_id: str) -> Bill:
    """A bill that a coalition shows to everybody.

    Raises: NotFound.
    """
    found = db.session.execute(select(Bill).where(Bill.public_id == public_id, Bill.is_public)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def bill_of_decision(actor: Actor, proposal: PositionProposal) -> Bill | None:
    """The bill that a decision of the coalition in view is about; members who vote may read which one it is."""
    wanted = select(Bill).where(Bill.coalition_id == actor.coalition_id, Bill.id == proposal.bill_id)
    return db.session.execute(wanted).scalar_one_or_none()


def versions(found: Bill) -> Sequence[BillVersion]:
    """The bill's printed texts, the oldest first."""
    wanted = select(BillVersion).where(BillVersion.bill_id == found.id)
    return db.session.execute(wanted.order_by(BillVersion.printed_on, BillVersion.id)).scalars().all()


def actions(found: Bill) -> Sequence[BillAction]:
    """What happened to the bill, the oldest first."""
    wanted = select(BillAction).where(BillAction.bill_id == found.id)
    return db.session.execute(wanted.order_by(BillAction.happened_on, BillAction.id)).scalars().all()


def bills_of(found: Campaign, *, public_only: bool = False) -> Sequence[Bill]:
    """The bills that a campaign is about."""
    wanted = (
        select(Bill)
        .join(CampaignBill, CampaignBill.bill_id == Bill.id)
        .where(CampaignBill.campaign_id == found.id)
        .order_by(Bill.id)
    )
    return db.session.execute(wanted.where(Bill.is_public) if public_only else wanted).scalars().all()


def campaigns_about(found: Bill, *, public_states: Sequence[str] | None = None) -> Sequence[Campaign]:
    """The campaigns that are about a bill."""
    wanted = (
        select(Campaign)
        .join(CampaignBill, CampaignBill.campaign_id == Campaign.id)
        .where(CampaignBill.bill_id == found.id)
        .order_by(Campaign.id)
    )
    if public_states is not None:
        wanted = wanted.where(Campaign.state.in_(public_states))
    return db.session.execute(wanted).scalars().all()
