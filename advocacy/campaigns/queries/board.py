"""Reads about tasks: the board of a campaign, the list behind a column, and what a person has to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, func, or_, select, tuple_

from advocacy.campaigns import rules
from advocacy.campaigns.models import Campaign, Task, TaskState
from advocacy.campaigns.queries import campaigns as queries
from advocacy.coalitions import rules as roles
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound

COLUMN = 30
PAGE = 50
FAR = date(9999, 12, 31)


@dataclass(frozen=True)
class Column:
    """A column of the board: its first cards and how many there are in all."""

    state: TaskState
    tasks: Sequence[Task]
    count: int


def board(found: Campaign) -> list[Column]:
    """The columns of a campaign's board."""
    counts = task_counts(found)
    return [Column(state, _cards(found, state, COLUMN), counts.get(state, 0)) for state in TaskState]


def task_counts(found: Campaign) -> Mapping[str, int]:
    """How many tasks stand in each column."""
    wanted = select(Task.state, func.count()).where(Task.campaign_id == found.id).group_by(Task.state)
    return {state: count for state, count in db.session.execute(wanted)}  # noqa: C416 - rows into a plain dictionary


def column(
    found: Campaign, state: str, after: tuple[int, int] | None = None, size: int = PAGE
) -> tuple[Sequence[Task], tuple[int, int] | None]:
    """A page of one column's tasks in their order, and the place after which the next page begins."""
    rows = _cards(found, state, size + 1, after)
    shown = rows[:size]
    return shown, (shown[-1].rank, shown[-1].id) if len(rows) > size else None


def task(actor: Actor, public_id: str, *, lock: bool = False) -> Task:
    """A task of the coalition in view.

    Raises: NotFound, also for another coalition's; NotAllowed without the capability.
    """
    wanted = select(Task).where(Task.coalition_id == actor.coalition_id, Task.public_id == public_id)
    found = db.session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    roles.require(actor, queries.VIEW, found.coalition_id)
    return found


def my_tasks(
    actor: Actor, after: tuple[date, int] | None = None, size: int = PAGE, until: date | None = None
) -> tuple[Sequence[Task], tuple[date, int] | None]:
    """What waits for the actor in the coalition in view, the soonest due first, tasks without a day last."""
    due = func.coalesce(Task.due_on, FAR)
    wanted = select(Task).where(
        Task.assignee_id == actor.user_id,
        Task.coalition_id == actor.coalition_id,
        Task.state.in_(sorted(rules.LIVE_TASKS)),
    )
    if after is not None:
        wanted = wanted.where(tuple_(due, Task.id) > after)
    if until is not None:
        wanted = wanted.where(Task.due_on <= until)
    rows = db.session.execute(wanted.order_by(due, Task.id).limit(size + 1)).scalars().all()
    shown = rows[:size]
    return shown, (shown[-1].due_on or FAR, shown[-1].id) if len(rows) > size else None


def neighbours(found: Task, *, up: bool) -> Sequence[Task]:
    """The two cards next to one in its column, the nearer first."""
    wanted = _in_column(found.campaign_id, found.state)
    if up:
        beyond = or_(Task.rank < found.rank, and_(Task.rank == found.rank, Task.id < found.id))
        wanted = wanted.where(beyond).order_by(Task.rank.desc(), Task.id.desc())
    else:
        beyond = or_(Task.rank > found.rank, and_(Task.rank == found.rank, Task.id > found.id))
        wanted = wanted.where(beyond).order_by(Task.rank, Task.id)
    return db.session.execute(wanted.limit(2)).scalars().all()


def end_rank(campaign_id: int, state: str, *, top: bool) -> int | None:
    """The rank of the first or the last card of a column."""
    edge = func.min(Task.rank) if top else func.max(Task.rank)
    wanted = select(edge).where(Task.campaign_id == campaign_id, Task.state == state)
    return db.session.execute(wanted).scalar_one()


def _cards(found: Campaign, state: str, size: int, after: tuple[int, int] | None = None) -> Sequence[Task]:
    wanted = _in_column(found.id, state).order_by(Task.rank, Task.id).limit(size)
    if after is not None:
        rank, task_id = after
        wanted = wanted.where(or_(Task.rank > rank, and_(Task.rank == rank, Task.id > task_id)))
    return db.session.execute(wanted).scalars().all()


def _in_column(campaign_id: int, state: str) -> Select[Task]:
    return select(Task).where(Task.campaign_id == campaign_id, Task.state == state)
