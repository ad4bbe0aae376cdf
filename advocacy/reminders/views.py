"""Deadlines at the desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.core import clock
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.reminders import desk_queries as queries
from advocacy.reminders import kinds, rules, words
from advocacy.reminders.desk_queries import MANAGE, VIEW, Line, Shown
from advocacy.reminders.forms import DeadlineForm, filled
from advocacy.reminders.own_models import OwnDeadline, OwnState
from advocacy.reminders.services import keeping
from advocacy.web import access, csrf, notices, respond
from advocacy.web.manifest import house
from advocacy.web.templating import Link

bp = Blueprint("deadlines", __name__, url_prefix="/desk/deadlines")
notices.register("deadline-saved", _l("Saved. Those who are chosen are reminded in time."))
notices.register("deadline-done", _l("Done. Nobody is reminded of it any more."))
notices.register("deadline-dropped", _l("Dropped. Nobody is reminded of it any more; you can take it back below."))
notices.register("deadline-restored", _l("It is due again, as before."))


@bp.get("")
@access.needs(VIEW)
def index() -> Response:
    """What is due, by day."""
    return respond.page("reminders/index.html", **_listed())


@bp.get("/sheet")
@access.needs(VIEW)
def sheet() -> Response:
    """The same on paper."""
    return respond.page("reminders/sheet.html", printed_on=clock.now(), **_listed())


@bp.get("/<int:deadline_id>")
@access.needs(VIEW)
def show(deadline_id: int) -> Response:
    """A deadline of any room, and what was said before it."""
    return _detail(queries.line(access.current_actor(), deadline_id), None)


@bp.get("/own/<token:public_id>")
@access.needs(VIEW)
def show_own(public_id: str) -> Response:
    """A deadline that the coalition keeps itself."""
    actor = access.current_actor()
    found = queries.own(actor, public_id)
    return _detail(queries.line(actor, queries.deadline_of(found).id), found)


@bp.route("/new", methods=["GET", "POST"])
@access.needs(MANAGE)
@csrf.session
def add() -> BaseResponse:
    """Keep a deadline."""
    actor = access.current_actor()
    if actor.coalition_id is None:
        raise NotFound
    coalition_id = actor.coalition_id
    form = DeadlineForm.of_request(
        tz=house().tenant(coalition_id).tz, form="fixed", kind="other", side="before", people=[actor.user_id]
    )

    def act() -> BaseResponse:
        made = keeping.add_own(actor, coalition_id, form.words())
        return respond.see_other(url_for(".show_own", public_id=made.public_id), "deadline-saved")

    return _written(coalition_id, form, act, _("Keep a deadline"))


@bp.route("/own/<token:public_id>/edit", methods=["GET", "POST"])
@access.needs(MANAGE)
@csrf.session
def edit(public_id: str) -> BaseResponse:
    """Change or move it."""
    actor = access.current_actor()
    found = queries.own(actor, public_id, MANAGE)
    form = DeadlineForm.of_request(**filled(found, queries.deadline_of(found), queries.people(found.id)))

    def act() -> BaseResponse:
        keeping.change_own(actor, public_id, form.words(), version=form.version.data)
        return respond.see_other(url_for(".show_own", public_id=public_id), "deadline-saved")

    return _written(found.coalition_id, form, act, _("Change or move the deadline"))


@bp.post("/own/<token:public_id>/done")
@access.needs(MANAGE)
@csrf.session
def done(public_id: str) -> BaseResponse:
    """It is done."""
    keeping.finish_own(access.current_actor(), public_id)
    return respond.see_other(url_for(".show_own", public_id=public_id), "deadline-done")


@bp.post("/own/<token:public_id>/drop")
@access.needs(MANAGE)
@csrf.session
def drop(public_id: str) -> BaseResponse:
    """It need not be done."""
    keeping.drop_own(access.current_actor(), public_id)
    return respond.see_other(url_for(".show_own", public_id=public_id), "deadline-dropped")


@bp.post("/own/<token:public_id>/restore")
@access.needs(MANAGE)
@csrf.session
def restore(public_id: str) -> BaseResponse:
    """Take it back."""
    keeping.restore_own(access.current_actor(), public_id)
    return respond.see_other(url_for(".show_own", public_id=public_id), "deadline-restored")


def _listed() -> dict[str, Any]:
    actor = access.current_actor()
    if actor.coalition_id is None:
        raise NotFound
    known = queries.kinds(actor)
    given = request.args
    shown = next((each for each in Shown if each == given.get("show")), Shown.AHEAD)
    kind = given.get("kind", "") if given.get("kind", "") in known else ""
    is_mine = given.get("mine") == "y"
    page = queries.lines(actor, shown, kind=kind, mine=is_mine, after=given.get("after", type=int))
    zone = house().tenant(actor.coalition_id).tz
    asked: dict[str, Any] = {"kind": kind} if kind else {}
    asked |= {"mine": "y"} if is_mine else {}
    return {
        "page": page,
        "days": _by_day(page.rows, zone),
        "own_kinds": _own_kinds(page.rows),
        "shown": shown,
        "asked": asked,
        "is_mine": is_mine,
        "tabs": [
            Link(str(words.SHOWN[each]), url_for(".index", show=each, **asked), "", each == shown) for each in Shown
        ],
        "kind": kind,
        "kind_words": {name: str(one.label or name) for name, one in known.items()},
        "zone": zone,
        "may_manage": house().can(actor, MANAGE),
    }


def _by_day(rows: Sequence[Line], zone: str) -> list[tuple[Any, list[Line]]]:
    by_day = groupby(rows, key=lambda line: line.deadline.due_at.astimezone(ZoneInfo(zone)).date())
    return [(on, list(found)) for on, found in by_day]


def _own_kinds(rows: Sequence[Line]) -> dict[int, str]:
    """For what the coalition's own ones are, by deadline."""
    mine = {line.id: line.deadline.object_id for line in rows if line.deadline.kind == queries.OWN}
    found = queries.own_kinds(list(mine.values())) if mine else {}
    return {key: str(kinds.LABELS[kinds.DeadlineKind(found[object_id])]) for key, object_id in mine.items()}


def _detail(line: Line, found: OwnDeadline | None) -> Response:
    actor, row = access.current_actor(), line.deadline
    said = queries.said(row.id)
    names = house().members(row.coalition_id or 0, "coalition.view")
    return respond.page(
        "reminders/show.html",
        line=line,
        deadline=row,
        own=found,
        own_kinds=_own_kinds([line]),
        is_open=found is not None and found.state == OwnState.OPEN,
        people=[names[one] for one in queries.people(found.id) if one in names] if found else [],
        said=said,
        names=names,
        states=words.STATES,
        said_words=words.SAID,
        reason=words.reason,
        rule=words.rule_words(row),
        checked=words.checked(row),
        may_manage=found is not None and house().can(actor, MANAGE),
    )


def _written(coalition_id: int, form: DeadlineForm, act: Callable[[], BaseResponse], title: str) -> BaseResponse:
    form.offer(house().members(coalition_id, VIEW))
    previewed = None
    if form.preview.data and form.validate():
        previewed = _preview(form)
    elif not form.preview.data and (answer := form.carry_out(act)):
        return answer
    status = 422 if form.errors else 200
    crumbs = [(_("Deadlines"), url_for(".index")), (title, None)]
    return respond.page("reminders/form.html", status, form=form, heading=title, crumbs=crumbs, previewed=previewed)


def _preview(form: DeadlineForm) -> dict[str, Any] | None:
    """When it would be due and when people would be reminded; nothing is kept."""
    try:
        written = form.words()
        due_at = keeping.due_of(written)
    except RuleBroken as error:
        form.refuse(error)
        return None
    ahead = rules.fire_times(house().reminder_kinds[queries.OWN].offsets, due_at, ZoneInfo(written.tz)).values()
    now = clock.now()
    return {"due_at": due_at, "tz": written.tz, "reminders": [at for at in ahead if at > now], "is_past": due_at <= now}
