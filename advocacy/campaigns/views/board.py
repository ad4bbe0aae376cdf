"""The board of a campaign's tasks, and each person's own list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.accounts import queries as accounts
from advocacy.campaigns import rules, words
from advocacy.campaigns.forms.tasks import CarryForm, TaskForm
from advocacy.campaigns.models import Campaign, Task, TaskState
from advocacy.campaigns.queries import board, plan
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.services import working
from advocacy.campaigns.views import pages
from advocacy.coalitions import queries as coalitions
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("campaigns_board", __name__, url_prefix="/desk")
CAMPAIGN = "/campaigns/<token:public_id>"
_NUMBER = re.compile(r"\A-?[0-9]{1,18}\Z")
notices.register("task-saved", _l("The task is saved."))
notices.register("task-moved", _l("The task is moved."))


@bp.get("/tasks")
@access.needs(queries.VIEW)
def my_tasks() -> Response:
    """What waits for the person who looks."""
    actor = access.current_actor()
    rows, after = board.my_tasks(actor, _day_and_id(request.args.get("after", "")))
    return respond.page(
        "campaigns/desk/my_tasks.html",
        rows=rows,
        next_url=f"/desk/tasks?after={after[0].isoformat()}.{after[1]}" if after else None,
        campaigns=queries.campaign_titles(actor, {row.campaign_id for row in rows}),
        task_words=words.TASKS,
        today=queries.today(pages.in_view()),
    )


@bp.get(f"{CAMPAIGN}/board")
@access.needs(queries.VIEW)
def show(public_id: str) -> Response:
    """Show the tasks in columns."""
    found = queries.campaign(access.current_actor(), public_id)
    columns = board.board(found)
    return pages.desk_page(
        "campaigns/desk/board.html",
        found,
        columns=columns,
        steps=_steps(),
        **_words_for([task for column in columns for task in column.tasks], found),
    )


@bp.get(f"{CAMPAIGN}/tasks")
@access.needs(queries.VIEW)
def column(public_id: str) -> Response:
    """Show all tasks of one column, page by page."""
    found = queries.campaign(access.current_actor(), public_id)
    state = request.args.get("state", str(TaskState.OPEN))
    if state not in set(TaskState):
        raise NotFound
    rows, after = board.column(found, state, _rank_and_id(request.args.get("after", "")))
    more = f"{pages.home_of(found)}/tasks?state={state}&after={after[0]}.{after[1]}" if after else None
    return pages.desk_page(
        "campaigns/desk/tasks.html",
        found,
        rows=rows,
        column=TaskState(state),
        next_url=more,
        **_words_for(rows, found),
    )


@bp.route(f"{CAMPAIGN}/tasks/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def add(public_id: str) -> BaseResponse:
    """Write a card."""
    actor = access.current_actor()
    found, form = queries.campaign(actor, public_id), TaskForm.of_request()
    _offer(form, found)

    def act() -> BaseResponse:
        working.add_task(actor, public_id, form.words)
        return pages.back_to(public_id, "board", "task-saved")

    return form.carry_out(act) or _form_page(form, found, _("Add a task"))


@bp.get(f"{CAMPAIGN}/tasks/<token:part>")
@access.needs(queries.VIEW)
def task(public_id: str, part: str) -> Response:
    """Show one card."""
    actor = access.current_actor()
    found, one = queries.campaign(actor, public_id), _task_of(public_id, part)
    milestones = {milestone.id: milestone.title for milestone in plan.milestones(found)}
    return pages.desk_page(
        "campaigns/desk/task.html",
        found,
        task=one,
        milestone=milestones.get(one.milestone_id) if one.milestone_id else None,
        steps=_steps(),
        **_words_for([one], found),
    )


@bp.route(f"{CAMPAIGN}/tasks/<token:part>/edit", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def edit(public_id: str, part: str) -> BaseResponse:
    """Change what is written on a card."""
    actor = access.current_actor()
    found, one = queries.campaign(actor, public_id), _task_of(public_id, part)
    milestones = {milestone.id: milestone.public_id for milestone in plan.milestones(found)}
    form = TaskForm.of_task(one, milestones.get(one.milestone_id, "") if one.milestone_id else "")
    _offer(form, found, one)

    def act() -> BaseResponse:
        working.change_task(actor, part, form.words, version=form.version.data)
        return pages.back_to(public_id, f"tasks/{part}", "task-saved")

    return form.carry_out(act) or _form_page(form, found, _("Change the task"))


@bp.post(f"{CAMPAIGN}/tasks/<token:part>/carry")
@access.needs(queries.VIEW)
@csrf.session
def carry(public_id: str, part: str) -> BaseResponse:
    """Carry a card to a column, or one place up or down."""
    form, actor = CarryForm.of_request(), access.current_actor()
    found = queries.campaign(actor, public_id)
    _task_of(public_id, part)
    if not form.validate():
        raise RuleBroken
    if form.shift.data in {"up", "down"}:
        working.shift_task(actor, part, version=form.version.data, up=form.shift.data == "up")
    else:
        working.carry_task(
            actor,
            part,
            version=form.version.data,
            state=form.state.data or "",
            after=form.after.data or None,
        )
    if request.form.get("back") == "mine":
        return respond.see_other("/desk/tasks", done="task-moved")
    return respond.see_other(f"{pages.home_of(found)}/board#task-{part}")


def _task_of(public_id: str, part: str) -> Task:
    actor = access.current_actor()
    found = board.task(actor, part)
    pages.require_part(queries.campaign(actor, public_id), found)
    return found


def _steps() -> dict[TaskState, list[tuple[TaskState, Any]]]:
    """Where a card of each column can go, with the words for it."""
    return {
        state: [(to, words.TASKS[to]) for to in TaskState if to != state and rules.can_carry(state, to)]
        for state in TaskState
    }


def _words_for(rows: Sequence[Task], found: Campaign) -> dict[str, Any]:
    return {
        "names": accounts.names({row.assignee_id for row in rows if row.assignee_id is not None}),
        "task_words": words.TASKS,
        "exposures": words.EXPOSURES,
        "today": queries.today(found.coalition_id),
        "me": access.current_actor().user_id,
    }


def _offer(form: TaskForm, found: Campaign, one: Task | None = None) -> None:
    people = coalitions.user_ids_with(found.coalition_id, queries.VIEW)
    if one is not None and one.assignee_id is not None and one.assignee_id not in people:
        people.append(one.assignee_id)
    names = sorted(accounts.names(people).items(), key=lambda item: item[1])
    form.offer(dict(names), list(plan.milestones(found)))


def _form_page(form: TaskForm, found: Campaign, title: str) -> Response:
    return pages.form_page(
        form,
        title=title,
        crumbs=pages.crumbs_of(found, "board"),
        hints={
            "due_on": _("Whoever does it is reminded three days and one day before, and on the day."),
            "exposure": _("So that people can choose what is right for them."),
        },
    )


def _rank_and_id(text: str) -> tuple[int, int] | None:
    rank, _dot, key = text.partition(".")
    if not _NUMBER.match(rank) or not _NUMBER.match(key):
        return None
    return int(rank), int(key)


def _day_and_id(text: str) -> tuple[date, int] | None:
    day, _dot, key = text.partition(".")
    try:
        return (date.fromisoformat(day), int(key)) if _NUMBER.match(key) else None
    except ValueError:
        return None
