"""Reads about news."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from advocacy.campaigns.models import Campaign, News
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound

SHOWN = 20


def published(found: Campaign, size: int = SHOWN) -> Sequence[News]:
    """What everybody may read, the newest first."""
    wanted = select(News).where(News.campaign_id == found.id, News.published_at.is_not(None))
    return db.session.execute(wanted.order_by(News.published_at.desc(), News.id.desc()).limit(size)).scalars().all()


def entries(found: Campaign, size: int = 50) -> Sequence[News]:
    """Drafts and what was published, the newest first."""
    wanted = select(News).where(News.campaign_id == found.id).order_by(News.id.desc()).limit(size)
    return db.session.execute(wanted).scalars().all()


def entry(actor: Actor, public_id: str) -> News:
    """An entry of the coalition in view.

    Raises: NotFound.
    """
    wanted = select(News).where(News.coalition_id == actor.coalition_id, News.public_id == public_id)
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found
