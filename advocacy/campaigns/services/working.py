"""Tasks: write them, hand them to somebody, carry them across the board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from advocacy.audit import services as audit
from advocacy.campaigns import rules
from advocacy.campaigns.models import Campaign, Exposure, Milestone, Task, TaskState
from advocacy.campaigns.queries import board, plan
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.services import checks, drafting, planning
from advocacy.coalitions import queries as coalitions
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.reminders.services import deadlines as reminders

TASK_DUE = "task_due"
KIND = "campaign_task"
STEP = 1 << 20
"""Room between two cards, so that twenty can be put between them before a column is numbered again."""
TOP = ""


@dataclass(frozen=True)
class TaskWords:
    """What somebody writes of a task."""

    title: str
    effort_minutes: int | None
    exposure: str = Exposure.NONE
    notes: str = ""
    assignee_id: int | None = None
    due_on: date | None = None
    milestone: str = ""


def add_task(actor: Actor, campaign_id: str, words: TaskWords, *, state: str = TaskState.OPEN) -> Task:
    """Put a card at the end of a column.

    Raises: NotAllowed, NotFound, RuleBroken naming the field.
    """
    found = drafting.locked(actor, campaign_id)
    if state not in rules.LIVE_TASKS:
        raise RuleBroken(_("A new task is still to be done."), field="state")
    now = clock.now()
    last = board.end_rank(found.id, state, top=False)
    made = Task(
        coalition_id=found.coalition_id,
        campaign_id=found.id,
        public_id=new_public_id(),
        state=state,
        rank=STEP if last is None else last + STEP,
        created_at=now,
        changed_at=now,
    )
    _fill(actor, made, words)
    db.session.add(made)
    db.session.flush()
    _remind(made, found)
    _record(actor, "task.added", made)
    return made


def change_task(actor: Actor, task_id: str, words: TaskWords, *, version: int) -> Task:
    """Change what is written on a card.

    Raises: NotAllowed, NotFound, Conflict when somebody changed it since ``version``, RuleBroken naming the field.
    """
    task = board.task(actor, task_id, lock=True)
    drafting.require_part_open(actor, task.campaign_id)
    checks.require_version(task.version, version)
    _fill(actor, task, words)
    task.changed_at = clock.now()
    db.session.flush()
    _remind(task, db.session.get_one(Campaign, task.campaign_id))
    _record(actor, "task.changed", task)
    return task


def carry_task(actor: Actor, task_id: str, *, version: int, state: str, after: str | None = None) -> Task:
    """Carry a card to a column, behind another card, or to its top (``TOP``, also without ``after``).

    Raises: NotAllowed, NotFound, Conflict when somebody moved it since ``version``.
    """
    task = _mine_to_move(actor, task_id, version)
    if state not in set(TaskState) or not rules.can_carry(task.state, state):
        raise Conflict(_("The task cannot go there from where it stands now."))
    ahead = board.task(actor, after) if after else None
    if ahead is not None and (ahead.campaign_id != task.campaign_id or ahead.state != state or ahead.id == task.id):
        raise Conflict(_("Somebody moved the cards meanwhile. Please look again."))
    before = task.state
    task.rank = _rank_behind(task, state, ahead)
    _settle(task, state)
    _record(actor, "task.moved", task, before=before)
    return task


def shift_task(actor: Actor, task_id: str, *, version: int, up: bool) -> Task:
    """Move a card one place up or down in its column; at the end nothing happens.

    Raises: NotAllowed, NotFound, Conflict when somebody moved it since ``version``.
    """
    task = _mine_to_move(actor, task_id, version)
    near = board.neighbours(task, up=up)
    if near:
        ahead = (near[1] if len(near) > 1 else None) if up else near[0]
        task.rank = _rank_behind(task, task.state, ahead)
        _settle(task, task.state)
    return task


def _mine_to_move(actor: Actor, task_id: str, version: int) -> Task:
    """Whoever manages campaigns moves every card; others move those that are theirs."""
    task = board.task(actor, task_id, lock=True)
    is_own = task.assignee_id is not None and task.assignee_id == actor.user_id
    drafting.require_part_open(actor, task.campaign_id, queries.VIEW if is_own else queries.MANAGE)
    checks.require_version(task.version, version)
    return task


def _rank_behind(task: Task, state: str, ahead: Task | None) -> int:
    """A rank between a card and the one behind it; the column is numbered again where there is no room."""
    for _attempt in range(2):
        lower, upper = _gap(task, state, ahead)
        if lower is None:
            return STEP if upper is None else upper - STEP
        if upper is None:
            return lower + STEP
        if upper - lower > 1:
            return (lower + upper) // 2
        _number_again(task.campaign_id, state)
        if ahead is not None:
            db.session.refresh(ahead, ["rank"])
    message = "a column was numbered again and still has no room"
    raise AssertionError(message)


def _gap(task: Task, state: str, ahead: Task | None) -> tuple[int | None, int | None]:
    others = select(func.min(Task.rank)).where(
        Task.campaign_id == task.campaign_id, Task.state == state, Task.id != task.id
    )
    if ahead is None:
        return None, db.session.execute(others).scalar_one()
    behind = others.where((Task.rank > ahead.rank) | ((Task.rank == ahead.rank) & (Task.id > ahead.id)))
    return ahead.rank, db.session.execute(behind).scalar_one()


def _number_again(campaign_id: int, state: str) -> None:
    numbered = (
        select(Task.id, (func.row_number().over(order_by=(Task.rank, Task.id)) * STEP).label("rank"))
        .where(Task.campaign_id == campaign_id, Task.state == state)
        .subquery()
    )
    db.session.execute(
        update(Task).where(Task.id == numbered.c.id).values(rank=numbered.c.rank),
        execution_options={"synchronize_session": False},
    )


def _settle(task: Task, state: str) -> None:
    now = clock.now()
    task.done_at = (task.done_at or now) if state == TaskState.DONE else None
    task.state, task.changed_at = state, now
    db.session.flush()
    _remind(task, db.session.get_one(Campaign, task.campaign_id))


def _fill(actor: Actor, task: Task, words: TaskWords) -> None:
    task.title, task.notes = checks.require_text(words.title, "title"), words.notes
    task.effort_minutes = checks.require_effort(words.effort_minutes)
    task.exposure = checks.require_exposure(words.exposure)
    is_new = words.assignee_id is not None and words.assignee_id != task.assignee_id
    if is_new and words.assignee_id not in coalitions.user_ids_with(task.coalition_id, queries.VIEW):
        raise RuleBroken(_("Choose somebody who can see the campaigns of this coalition."), field="assignee")
    due_at = None if words.due_on is None else planning.due_instant(task.coalition_id, words.due_on)
    task.assignee_id, task.due_on, task.due_at = words.assignee_id, words.due_on, due_at
    milestone: Milestone | None = plan.milestone(actor, words.milestone) if words.milestone else None
    if milestone is not None and milestone.campaign_id != task.campaign_id:
        raise RuleBroken(_("Choose a milestone of this campaign."), field="milestone")
    task.milestone_id = None if milestone is None else milestone.id


def _remind(task: Task, found: Campaign) -> None:
    """Set, move or drop the deadline, as the card stands now."""
    is_live = task.state in rules.LIVE_TASKS and not found.is_template
    if task.due_at is None or not is_live or task.due_at <= clock.now():
        reminders.drop_deadline(TASK_DUE, KIND, task.id)
        return
    reminders.set_deadline(
        kind=TASK_DUE,
        coalition_id=task.coalition_id,
        object_kind=KIND,
        object_id=task.id,
        due_at=task.due_at,
        tz=queries.zone(task.coalition_id).key,
    )


def _record(actor: Actor, what: str, task: Task, before: str | None = None) -> None:
    facts = {"campaign_id": task.campaign_id, "state": task.state}
    if before is not None and before != task.state:
        facts["from"] = before
    audit.record(actor, what, KIND, task.id, coalition_id=task.coalition_id, facts=facts)
