"""What broadcasts will be sent, for the page that shows what leaves by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.accounts import queries as accounts
from advocacy.campaigns.models import Campaign
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.mailings.broadcast_models import Broadcast, BroadcastState
from advocacy.mailings.broadcast_words import PURPOSE_WORDS
from advocacy.web.offers import Upcoming


def items(actor: Actor, until: datetime, limit: int) -> Sequence[Upcoming]:
    """The coalition's broadcasts that are planned or on their way, earliest first."""
    if actor.coalition_id is None:
        return ()
    rows = db.session.execute(
        select(Broadcast, Campaign.title)
        .outerjoin(Campaign, Campaign.id == Broadcast.campaign_id)
        .where(
            Broadcast.coalition_id == actor.coalition_id,
            Broadcast.state.in_([BroadcastState.SCHEDULED, BroadcastState.SENDING]),
            Broadcast.scheduled_at <= until,
        )
        .order_by(Broadcast.scheduled_at, Broadcast.id)
        .limit(limit)
    ).all()
    behind = {one.id: one.approved_by or one.edited_by for one, _campaign in rows}
    names = accounts.names([user_id for user_id in behind.values() if user_id])
    now = clock.now()
    return [
        Upcoming(
            at=max(one.scheduled_at or now, now) if one.state == BroadcastState.SENDING else one.scheduled_at or now,
            title=one.title,
            why=_("They agreed to get: %(what)s.", what=PURPOSE_WORDS[one.purpose]),
            sender=names.get(behind[one.id] or 0, ""),
            people=one.size_count,
            url=url_for("broadcasts.show", public_id=one.public_id),
            campaign_id=one.campaign_id,
            campaign=campaign or "",
        )
        for one, campaign in rows
    ]
