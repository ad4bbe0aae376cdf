"""Who hears of the days of a campaign, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from advocacy.campaigns import rules
from advocacy.campaigns.models import Campaign, CampaignState, Fact, Milestone, MilestoneState, Task
from advocacy.campaigns.queries.campaigns import MANAGE, VIEW
from advocacy.campaigns.services.asking import FACT_REVIEW
from advocacy.campaigns.services.planning import MILESTONE_DUE
from advocacy.campaigns.services.working import TASK_DUE
from advocacy.coalitions import queries as coalitions
from advocacy.core.db import db
from advocacy.reminders.rules import Wall
from advocacy.web.manifest import ReminderKind
from advocacy.web.offers import About

MORNING = "09:00"
ENDED = frozenset({CampaignState.WON, CampaignState.LOST, CampaignState.CLOSED, CampaignState.ARCHIVED})


def _is_at_work(campaign_id: int) -> bool:
    campaign = db.session.get(Campaign, campaign_id)
    return campaign is not None and campaign.state not in ENDED


def _whose_task(task_id: int) -> list[int]:
    task = db.session.get(Task, task_id)
    if task is None or task.assignee_id is None:
        return []
    return [task.assignee_id] if task.assignee_id in coalitions.user_ids_with(task.coalition_id, VIEW) else []


def _task_matters(task_id: int, rev: int) -> bool:
    del rev
    task = db.session.get(Task, task_id)
    return task is not None and task.state in rules.LIVE_TASKS and _is_at_work(task.campaign_id)


def _milestone_organizers(milestone_id: int) -> list[int]:
    milestone = db.session.get(Milestone, milestone_id)
    return [] if milestone is None else coalitions.user_ids_with(milestone.coalition_id, MANAGE)


def _milestone_matters(milestone_id: int, rev: int) -> bool:
    del rev
    milestone = db.session.get(Milestone, milestone_id)
    if milestone is None or milestone.state != MilestoneState.PLANNED:
        return False
    return _is_at_work(milestone.campaign_id)


def _fact_organizers(fact_id: int) -> list[int]:
    card = db.session.get(Fact, fact_id)
    return [] if card is None else coalitions.user_ids_with(card.coalition_id, MANAGE)


def _fact_matters(fact_id: int, rev: int) -> bool:
    del rev
    card = db.session.get(Fact, fact_id)
    return card is not None and not card.is_retired


def _tasks_of(user_id: int) -> Select[int]:
    return select(Task.id).where(Task.assignee_id == user_id)


def _about_tasks(task_ids: Sequence[int]) -> Mapping[int, About]:
    wanted = select(Task, Campaign).join(Campaign, Campaign.id == Task.campaign_id).where(Task.id.in_(task_ids))
    return {
        row.id: About(
            row.public_id,
            row.title,
            f"/desk/campaigns/{campaign.public_id}/tasks/{row.public_id}",
            campaign.id,
            campaign.title,
        )
        for row, campaign in db.session.execute(wanted)
    }


def _about_milestones(milestone_ids: Sequence[int]) -> Mapping[int, About]:
    wanted = select(Milestone, Campaign).join(Campaign, Campaign.id == Milestone.campaign_id)
    return {
        row.id: About(
            row.public_id, row.title, f"/desk/campaigns/{campaign.public_id}/plan", campaign.id, campaign.title
        )
        for row, campaign in db.session.execute(wanted.where(Milestone.id.in_(milestone_ids)))
    }


def _about_facts(fact_ids: Sequence[int]) -> Mapping[int, About]:
    rows = db.session.scalars(select(Fact).where(Fact.id.in_(fact_ids)))
    return {row.id: About(row.public_id, row.claim, f"/desk/facts/{row.public_id}") for row in rows}


KINDS = (
    ReminderKind(
        name=TASK_DUE,
        offsets={"3d": Wall(3, MORNING), "1d": Wall(1, MORNING), "0d": Wall(0, MORNING)},
        recipients=_whose_task,
        still_matters=_task_matters,
        mail="campaigns.task_due",
        is_owed=True,
        label=_l("A task is due"),
        about=_about_tasks,
        view=VIEW,
        mine=_tasks_of,
    ),
    ReminderKind(
        name=MILESTONE_DUE,
        offsets={"7d": Wall(7, MORNING), "1d": Wall(1, MORNING)},
        recipients=_milestone_organizers,
        still_matters=_milestone_matters,
        mail="campaigns.milestone_due",
        label=_l("A milestone is due"),
        about=_about_milestones,
        view=VIEW,
    ),
    ReminderKind(
        name=FACT_REVIEW,
        offsets={"14d": Wall(14, MORNING), "0d": Wall(0, MORNING)},
        recipients=_fact_organizers,
        still_matters=_fact_matters,
        mail="campaigns.fact_review",
        label=_l("A fact is to be checked again"),
        about=_about_facts,
        view=VIEW,
    ),
)
