"""Reads for the start page of the desk: due, waiting, moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from advocacy.campaigns import rules
from advocacy.campaigns.models import Campaign, CampaignState, Milestone, MilestoneState, Task, TaskState
from advocacy.campaigns.queries import actions
from advocacy.core.actor import Actor
from advocacy.core.db import db

SHOWN = 8


@dataclass(frozen=True)
class Counted:
    """How much was done in a campaign."""

    campaign: Campaign
    count: int


def due_tasks(actor: Actor, until: date, *, mine: bool, size: int = SHOWN) -> Sequence[tuple[Task, Campaign]]:
    """Tasks of the coalition in view that are due by a day: the actor's own, or those of others and of nobody."""
    wanted = (
        select(Task, Campaign)
        .join(Campaign, Campaign.id == Task.campaign_id)
        .where(
            Task.coalition_id == actor.coalition_id,
            Task.state.in_(sorted(rules.LIVE_TASKS)),
            Task.due_on <= until,
            Task.assignee_id == actor.user_id if mine else Task.assignee_id.is_distinct_from(actor.user_id),
            Campaign.state.in_(sorted({CampaignState.DRAFT, *rules.RUNNING})),
            Campaign.is_template.is_(False),
        )
        .order_by(Task.due_on, Task.id)
        .limit(size)
    )
    return [(task, campaign) for task, campaign in db.session.execute(wanted)]


def due_milestones(actor: Actor, until: date, size: int = SHOWN) -> Sequence[tuple[Milestone, Campaign]]:
    """Planned milestones of running campaigns that are due by a day, also those whose day is over."""
    wanted = (
        select(Milestone, Campaign)
        .join(Campaign, Campaign.id == Milestone.campaign_id)
        .where(
            Milestone.coalition_id == actor.coalition_id,
            Milestone.state == MilestoneState.PLANNED,
            Milestone.due_on <= until,
            Campaign.state.in_(sorted(rules.RUNNING)),
        )
        .order_by(Milestone.due_on, Milestone.id)
        .limit(size)
    )
    return [(milestone, campaign) for milestone, campaign in db.session.execute(wanted)]


def drafts(actor: Actor, size: int = SHOWN) -> Sequence[Campaign]:
    """Campaigns that are not active yet, the newest first."""
    wanted = select(Campaign).where(
        Campaign.coalition_id == actor.coalition_id,
        Campaign.state == CampaignState.DRAFT,
        Campaign.is_template.is_(False),
    )
    return db.session.execute(wanted.order_by(Campaign.id.desc()).limit(size)).scalars().all()


def without_easy_action(actor: Actor, size: int = SHOWN) -> Sequence[Campaign]:
    """Active campaigns in which nothing small and private is open any more."""
    wanted = select(Campaign).where(Campaign.coalition_id == actor.coalition_id, Campaign.state == CampaignState.ACTIVE)
    active = db.session.execute(wanted.order_by(Campaign.id)).scalars().all()
    found = actions.open_actions([campaign.id for campaign in active])
    return [campaign for campaign in active if not any(rules.is_easy(row) for row in found[campaign.id])][:size]


def done_tasks(actor: Actor, since: datetime, size: int = SHOWN) -> Sequence[Counted]:
    """How many tasks of each campaign were finished since an instant."""
    counted = (
        select(Task.campaign_id, func.count().label("count"))
        .where(Task.coalition_id == actor.coalition_id, Task.state == TaskState.DONE, Task.done_at >= since)
        .group_by(Task.campaign_id)
        .subquery()
    )
    wanted = (
        select(Campaign, counted.c.count)
        .join(counted, counted.c.campaign_id == Campaign.id)
        .order_by(counted.c.count.desc(), Campaign.id)
        .limit(size)
    )
    return [Counted(campaign, count) for campaign, count in db.session.execute(wanted)]


def settled_milestones(actor: Actor, since: date, size: int = SHOWN) -> Sequence[tuple[Milestone, Campaign]]:
    """Milestones that were reached since a day."""
    wanted = (
        select(Milestone, Campaign)
        .join(Campaign, Campaign.id == Milestone.campaign_id)
        .where(
            Milestone.coalition_id == actor.coalition_id,
            Milestone.state == MilestoneState.REACHED,
            Milestone.settled_on >= since,
        )
        .order_by(Milestone.settled_on.desc(), Milestone.id)
        .limit(size)
    )
    return [(milestone, campaign) for milestone, campaign in db.session.execute(wanted)]


def moved_campaigns(actor: Actor, since: datetime, size: int = SHOWN) -> Sequence[Campaign]:
    """Campaigns that took a step since an instant."""
    wanted = select(Campaign).where(Campaign.coalition_id == actor.coalition_id, Campaign.moved_at >= since)
    return db.session.execute(wanted.order_by(Campaign.moved_at.desc()).limit(size)).scalars().all()
