"""What people can do for a campaign: what this room offers, and what the action rooms offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from advocacy.campaigns import rules
from advocacy.campaigns.models import Campaign, CampaignAction
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.web.manifest import house
from advocacy.web.offers import ActionRow


def open_actions(campaign_ids: Sequence[int]) -> dict[int, list[ActionRow]]:
    """Everything open now, of every room, by campaign; the smallest and most private first."""
    found: dict[int, list[ActionRow]] = {campaign_id: [] for campaign_id in campaign_ids}
    if not found:
        return found
    for source in house().campaign_actions:
        for campaign_id, rows in source.actions(campaign_ids).items():
            found[campaign_id].extend(rows)
    return {campaign_id: rules.ranked(rows) for campaign_id, rows in found.items()}


def easy_action(campaign_id: int) -> ActionRow | None:
    """The smallest open action that takes at most five minutes and makes nothing public."""
    return next((row for row in open_actions([campaign_id])[campaign_id] if rules.is_easy(row)), None)


def own_open_actions(campaign_ids: Sequence[int]) -> Mapping[int, Sequence[ActionRow]]:
    """This room's part of ``open_actions``."""
    rows = db.session.execute(
        select(CampaignAction, Campaign.slug)
        .join(Campaign, Campaign.id == CampaignAction.campaign_id)
        .where(CampaignAction.campaign_id.in_(campaign_ids), CampaignAction.is_open)
        .order_by(CampaignAction.id)
    )
    found: dict[int, list[ActionRow]] = {}
    for action, slug in rows:
        found.setdefault(action.campaign_id, []).append(_row(action, slug))
    return found


def own_actions(found: Campaign) -> Sequence[CampaignAction]:
    """This room's actions of a campaign, also the closed ones."""
    wanted = select(CampaignAction).where(CampaignAction.campaign_id == found.id).order_by(CampaignAction.id)
    return db.session.execute(wanted).scalars().all()


def own_action(actor: Actor, public_id: str) -> CampaignAction:
    """An action of the coalition in view.

    Raises: NotFound.
    """
    wanted = select(CampaignAction).where(
        CampaignAction.coalition_id == actor.coalition_id, CampaignAction.public_id == public_id
    )
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def public_action(found: Campaign, public_id: str) -> CampaignAction:
    """An open action of a public campaign.

    Raises: NotFound.
    """
    wanted = select(CampaignAction).where(
        CampaignAction.campaign_id == found.id, CampaignAction.public_id == public_id, CampaignAction.is_open
    )
    action = db.session.execute(wanted).scalar_one_or_none()
    if action is None:
        raise NotFound
    return action


def _row(action: CampaignAction, slug: str) -> ActionRow:
    url = f"/campaigns/{slug}/actions/{action.public_id}"
    return ActionRow(action.title, url, action.kind, action.effort_minutes, action.exposure)
