"""Write to those who lead a campaign about what waits, at most once a day for each campaign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from advocacy.campaigns.models import Campaign, CampaignBill
from advocacy.campaigns.queries.campaigns import MANAGE, today, zone
from advocacy.campaigns.rules import RUNNING
from advocacy.coalitions import queries as coalitions
from advocacy.core import clock
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.messaging.services import sending
from advocacy.tracking.models import Change, ChangeState, Told
from advocacy.web.manifest import house

MAIL = "tracking.changes"
AT_ONCE = 50
_BETWEEN = timedelta(hours=12)
"""As far apart as an evening and the next morning, so that who was told today is not looked at again."""
_FROM, _TO = 8, 20
"""Nobody is written to at night, by the coalition's own clock."""


def is_anybody_to_tell() -> bool:
    """Whether a campaign has changes that its people were not written about."""
    return bool(_waiting())


def tell() -> None:
    """Queue a mail for each campaign whose day has come.

    Needs: a writing unit.
    """
    for campaign in _waiting():
        now = clock.now()
        told = db.session.get(Told, campaign.id)
        local = now.astimezone(zone(campaign.coalition_id))
        is_today = told is not None and today(campaign.coalition_id, told.told_at) >= local.date()
        if is_today or not _FROM <= local.hour < _TO:
            continue
        if told is None:
            told = Told(campaign_id=campaign.id, coalition_id=campaign.coalition_id, told_at=now)
            db.session.add(told)
        told.told_at = now
        for user_id in coalitions.user_ids_with(campaign.coalition_id, MANAGE):
            _queue(campaign, user_id, local)


def _waiting() -> Sequence[Campaign]:
    newest = (
        select(CampaignBill.campaign_id, func.max(Change.found_at).label("found_at"))
        .join(Change, Change.bill_id == CampaignBill.bill_id)
        .where(Change.state == ChangeState.OPEN)
        .group_by(CampaignBill.campaign_id)
        .subquery()
    )
    wanted = (
        select(Campaign)
        .join(newest, newest.c.campaign_id == Campaign.id)
        .outerjoin(Told, Told.campaign_id == Campaign.id)
        .where(
            Campaign.state.in_(sorted(RUNNING)),
            Told.told_at.is_(None) | ((newest.c.found_at > Told.told_at) & (Told.told_at <= clock.now() - _BETWEEN)),
        )
        .order_by(Campaign.id)
    )
    return db.session.execute(wanted.limit(AT_ONCE)).scalars().all()


def _queue(campaign: Campaign, user_id: int, local: datetime) -> None:
    try:
        _name, address, locale = house().contact(user_id)
    except NotFound:
        return
    sending.queue_mail(
        kind=MAIL,
        to=address,
        coalition_id=campaign.coalition_id,
        object_kind="campaign",
        object_id=campaign.id,
        locale=locale,
        key=f"{MAIL}:{campaign.id}:{user_id}:{local.date().isoformat()}",
    )
