"""Copies: a campaign as the pattern for another one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import select

from advocacy.campaigns.models import (
    Ask,
    AskFact,
    Campaign,
    CampaignAction,
    CampaignBill,
    CampaignFact,
    Indicator,
    Milestone,
    MilestoneState,
    Target,
    Task,
    TaskState,
)
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.services import drafting, planning
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.ids import new_public_id

type_row = Ask | CampaignAction | Indicator | Milestone | Target | Task
Row = TypeVar("Row", bound=type_row)
NEVER = frozenset({"id", "version"})


def copy_campaign(
    actor: Actor, public_id: str, *, slug: str, title: str, begins_on: date, is_template: bool = False
) -> Campaign:
    """Make a draft with the same plan: asks, actions, numbers, milestones, targets, tasks, bills and facts.

    Every day moves with ``begins_on``; nothing is done yet and nobody is asked to do it; measurements, news and
    victories stay with the first.

    Raises: NotAllowed, NotFound, RuleBroken, Conflict (field ``slug``).
    """
    source = queries.campaign(actor, public_id, queries.MANAGE)
    made = drafting.create_campaign(
        actor, source.coalition_id, slug=slug, title=title, goal=source.goal, is_template=is_template
    )
    shift = begins_on - queries.today(source.coalition_id, source.created_at)
    # Its first day is where its own copies count from.
    made.created_at = min(made.created_at, planning.due_instant(source.coalition_id, begins_on))
    for action in _rows(CampaignAction, source):
        db.session.add(_copy(action, made))
    for target in _rows(Target, source):
        db.session.add(_copy(target, made))
    for indicator in _rows(Indicator, source):
        db.session.add(_copy(indicator, made, baseline_on=queries.today(source.coalition_id)))
    milestones = _copy_milestones(source, made, shift)
    _copy_tasks(source, made, shift, milestones)
    _copy_asks(source, made)
    for bill in db.session.execute(select(CampaignBill).where(CampaignBill.campaign_id == source.id)).scalars().all():
        db.session.add(CampaignBill(coalition_id=made.coalition_id, campaign_id=made.id, bill_id=bill.bill_id))
    for fact in db.session.execute(select(CampaignFact).where(CampaignFact.campaign_id == source.id)).scalars().all():
        db.session.add(CampaignFact(coalition_id=made.coalition_id, campaign_id=made.id, fact_id=fact.fact_id))
    db.session.flush()
    drafting.record(actor, "campaign.copied", made, source_id=source.id)
    return made


def _rows(model: type[Row], source: Campaign) -> list[Row]:
    return list(db.session.execute(select(model).where(model.campaign_id == source.id).order_by(model.id)).scalars())


def _copy(row: Row, made: Campaign, **changes: object) -> Row:
    """The same row for another campaign, with a name of its own."""
    kept = {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs if column.key not in NEVER}
    now = clock.now()
    for stamp in ("created_at", "changed_at"):
        if stamp in kept:
            kept[stamp] = now
    return type(row)(**(kept | {"campaign_id": made.id, "public_id": new_public_id()} | changes))


def _copy_milestones(source: Campaign, made: Campaign, shift: timedelta) -> dict[int, int]:
    pairs = []
    for row in _rows(Milestone, source):
        copy = _copy(row, made, due_on=row.due_on + shift, state=MilestoneState.PLANNED, settled_on=None)
        db.session.add(copy)
        pairs.append((row, copy))
    db.session.flush()
    if not made.is_template:
        for _row, copy in pairs:
            planning.set_deadline(copy)
    return {row.id: copy.id for row, copy in pairs}


def _copy_tasks(source: Campaign, made: Campaign, shift: timedelta, milestones: dict[int, int]) -> None:
    """Nobody has them yet, so nobody is reminded until somebody does."""
    for row in _rows(Task, source):
        if row.state == TaskState.DROPPED:
            continue
        due_on = row.due_on + shift if row.due_on else None
        db.session.add(
            _copy(
                row,
                made,
                state=TaskState.OPEN,
                assignee_id=None,
                milestone_id=milestones.get(row.milestone_id) if row.milestone_id else None,
                due_on=due_on,
                due_at=planning.due_instant(made.coalition_id, due_on) if due_on else None,
                done_at=None,
            )
        )


def _copy_asks(source: Campaign, made: Campaign) -> None:
    for row in _rows(Ask, source):
        copy = _copy(row, made)
        db.session.add(copy)
        db.session.flush()
        for link in db.session.execute(select(AskFact).where(AskFact.ask_id == row.id)).scalars().all():
            db.session.add(AskFact(coalition_id=made.coalition_id, ask_id=copy.id, fact_id=link.fact_id))
