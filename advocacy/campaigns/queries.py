"""Reads about campaigns."""

from __future__ import annotations

from sqlalchemy import select

from advocacy.campaigns import rules
from advocacy.campaigns.models import Campaign, CampaignState
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.paging import Page, take_page

PAGE = 50


def campaigns(actor: Actor, after: int | None = None, size: int = PAGE) -> Page[Campaign]:
    """Campaigns of the coalition in view, newest first; archived ones last to be looked for are left out."""
    wanted = select(Campaign).where(
        Campaign.coalition_id == actor.coalition_id, Campaign.state != CampaignState.ARCHIVED
    )
    if after is not None:
        wanted = wanted.where(Campaign.id < after)
    rows = db.session.execute(wanted.order_by(Campaign.id.desc()).limit(size + 1)).scalars().all()
    return take_page(rows, size)


def campaign(actor: Actor, public_id: str) -> Campaign:
    """A campaign of the coalition in view.

    Raises: NotFound, also for another coalition's.
    """
    found = db.session.execute(
        select(Campaign).where(Campaign.coalition_id == actor.coalition_id, Campaign.public_id == public_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def public_campaign(slug: str) -> Campaign:
    """A campaign that everybody may see.

    Raises: NotFound, also while it is a draft.
    """
    found = db.session.execute(
        select(Campaign).where(Campaign.slug == slug, Campaign.state.in_(sorted(rules.PUBLIC_STATES)))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found
