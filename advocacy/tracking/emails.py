"""The mail that says what waits for a campaign, made from rows when it is sent."""

from __future__ import annotations

from sqlalchemy import select

from advocacy.campaigns.models import Bill, Campaign, CampaignBill
from advocacy.coalitions import queries as coalitions
from advocacy.core.db import db
from advocacy.core.links import absolute
from advocacy.messaging import render
from advocacy.tracking.models import Change, ChangeState
from advocacy.web.manifest import Content, MailFacts

SHOWN = 20


def changes(facts: MailFacts) -> Content | None:
    """Say which bills changed; nothing when everything was decided meanwhile."""
    campaign = db.session.get(Campaign, facts.object_id)
    if campaign is None:
        return None
    wanted = (
        select(Bill)
        .join(CampaignBill, CampaignBill.bill_id == Bill.id)
        .where(
            CampaignBill.campaign_id == campaign.id,
            select(Change.id).where(Change.bill_id == Bill.id, Change.state == ChangeState.OPEN).exists(),
        )
    )
    bills = db.session.execute(wanted.order_by(Bill.id).limit(SHOWN)).scalars().all()
    if not bills:
        return None
    return render.content(
        "tracking/emails/changes",
        facts.to,
        locale=facts.locale,
        coalition=coalitions.coalition(campaign.coalition_id),
        campaign=campaign,
        bills=bills,
        url=absolute("/desk/changes"),
    )
