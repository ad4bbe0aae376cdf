"""Reads about campaigns themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select

from advocacy.campaigns import rules
from advocacy.campaigns.models import Campaign, CampaignState, Evidence, OldSlug
from advocacy.coalitions import queries as coalitions
from advocacy.coalitions import rules as roles
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.paging import Page, take_page

PAGE = 50
VIEW, MANAGE = "campaigns.view", "campaigns.manage"


def campaigns(
    actor: Actor, after: int | None = None, size: int = PAGE, *, templates: bool = False, archived: bool = False
) -> Page[Campaign]:
    """Campaigns of the coalition in view, newest first: those at work, the templates, or the archive.

    Raises: NotAllowed.
    """
    roles.require(actor, VIEW, actor.coalition_id)
    is_archived = Campaign.state == CampaignState.ARCHIVED
    wanted = select(Campaign).where(
        Campaign.coalition_id == actor.coalition_id,
        Campaign.is_template.is_(templates),
        is_archived if archived else ~is_archived,
    )
    if after is not None:
        wanted = wanted.where(Campaign.id < after)
    rows = db.session.execute(wanted.order_by(Campaign.id.desc()).limit(size + 1)).scalars().all()
    return take_page(rows, size)


def campaign(actor: Actor, public_id: str, verb: str = VIEW, *, lock: bool = False) -> Campaign:
    """A campaign of the coalition in view; with ``lock`` nobody else changes it before this unit ends.

    Raises: NotFound, also for another coalition's; NotAllowed without the capability.
    """
    wanted = select(Campaign).where(Campaign.coalition_id == actor.coalition_id, Campaign.public_id == public_id)
    found = db.session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    roles.require(actor, verb, found.coalition_id)
    return found


def campaign_titles(actor: Actor, ids: Collection[int]) -> dict[int, Campaign]:
    """Campaigns of the coalition in view by id."""
    if not ids:
        return {}
    wanted = select(Campaign).where(Campaign.coalition_id == actor.coalition_id, Campaign.id.in_(sorted(ids)))
    return {found.id: found for found in db.session.execute(wanted).scalars()}


def public_campaign(slug: str) -> Campaign:
    """A campaign that everybody may see: one that runs, has ended, or stands in the archive after it was public.

    Raises: NotFound, also while it is a draft.
    """
    found = db.session.execute(select(Campaign).where(Campaign.slug == slug, _is_public())).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def is_public_slug(slug: str) -> bool:
    """Whether a campaign that everybody may see has this address."""
    return bool(db.session.scalar(select(select(Campaign.id).where(Campaign.slug == slug, _is_public()).exists())))


def moved_campaign(slug: str) -> Campaign | None:
    """The public campaign to which an old address leads."""
    wanted = (
        select(Campaign).join(OldSlug, OldSlug.campaign_id == Campaign.id).where(OldSlug.slug == slug, _is_public())
    )
    return db.session.execute(wanted).scalar_one_or_none()


def public_campaigns(
    coalition_id: int | None = None, after: int | None = None, size: int = PAGE, states: Collection[str] | None = None
) -> Page[Campaign]:
    """Campaigns that everybody may see, of one coalition or of all, the newest first; the archive left out."""
    wanted = select(Campaign).where(Campaign.state.in_(sorted(states or rules.PUBLIC_STATES)))
    if coalition_id is not None:
        wanted = wanted.where(Campaign.coalition_id == coalition_id)
    if after is not None:
        wanted = wanted.where(Campaign.id < after)
    rows = db.session.execute(wanted.order_by(Campaign.id.desc()).limit(size + 1)).scalars().all()
    return take_page(rows, size)


def running(actor: Actor) -> Sequence[Campaign]:
    """Campaigns of the coalition in view that are active or paused, newest first; at most a page."""
    wanted = select(Campaign).where(
        Campaign.coalition_id == actor.coalition_id, Campaign.state.in_(sorted(rules.RUNNING))
    )
    return db.session.execute(wanted.order_by(Campaign.id.desc()).limit(PAGE)).scalars().all()


def evidence_of(found: Campaign) -> Evidence | None:
    """What proves the victory."""
    return None if found.evidence_id is None else db.session.get(Evidence, found.evidence_id)


def is_slug_taken(coalition_id: int, slug: str) -> bool:
    """Whether a campaign has this address, or an old address of another coalition's campaign would be taken over."""
    other = select(OldSlug.slug).where(OldSlug.slug == slug, OldSlug.coalition_id != coalition_id)
    held = select(Campaign.id).where(Campaign.slug == slug)
    return bool(db.session.scalar(select(or_(held.exists(), other.exists()))))


def zone(coalition_id: int) -> ZoneInfo:
    """The time zone in which a coalition's days begin."""
    return ZoneInfo(coalitions.coalition(coalition_id).tz)


def today(coalition_id: int, at: datetime | None = None) -> date:
    """The civil day in a coalition's zone."""
    return (at or clock.now()).astimezone(zone(coalition_id)).date()


def _is_public() -> ColumnElement[bool]:
    was_public = (Campaign.state == CampaignState.ARCHIVED) & Campaign.first_active_at.is_not(None)
    return or_(Campaign.state.in_(sorted(rules.PUBLIC_STATES)), was_public)
