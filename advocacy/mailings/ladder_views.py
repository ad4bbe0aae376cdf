"""Ladders at the desk: the list, how one stands, who is where."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.coalitions import queries as coalitions
from advocacy.coalitions import rules as roles
from advocacy.consent.models import Purpose
from advocacy.core.errors import NotFound
from advocacy.mailings import ladder_forms as forms
from advocacy.mailings import ladder_queries as queries
from advocacy.mailings import ladder_words as words
from advocacy.mailings.ladder_models import EnrollmentState, Ladder, LadderState
from advocacy.mailings.services import entering, laddering
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("ladders", __name__, url_prefix="/desk/mailings/ladders")
STATES = {
    "pause": LadderState.PAUSED,
    "resume": LadderState.ACTIVE,
    "close": LadderState.CLOSED,
    "stop": LadderState.STOPPED,
}
for _code, _sentence in (
    ("ladder-publish", _l("Published. New people go by this version; everybody else keeps theirs.")),
    ("ladder-pause", _l("Paused. Nobody goes a step further.")),
    ("ladder-resume", _l("It goes on, within ten minutes for those who wait.")),
    ("ladder-close", _l("It takes nobody new. Whoever is on it goes on.")),
    ("ladder-stop", _l("Stopped. Nobody gets another mail from it.")),
    ("ladder-drop", _l("The changes are thrown away.")),
    ("ladder-added", _l("They are being brought in. Nobody comes in twice.")),
    ("ladder-out", _l("Taken out. This person gets no more mail from it.")),
):
    notices.register(_code, _sentence)


@bp.get("")
@access.needs(queries.VIEW)
def index() -> Response:
    """List the coalition's ladders."""
    actor = access.current_actor()
    return respond.page(
        "mailings/ladders/index.html",
        ladders=queries.ladders_of(actor),
        words=words,
        may_manage=roles.can(actor, queries.MANAGE),
    )


@bp.route("/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def new() -> BaseResponse:
    """Begin a ladder."""
    actor = access.current_actor()
    if actor.coalition_id is None:
        raise NotFound
    coalition_id = actor.coalition_id
    form = forms.RulesForm.of(queries.petition_choices(coalition_id))

    def act() -> BaseResponse:
        made = laddering.create_ladder(actor, coalition_id, form.facts())
        return respond.see_other(url_for("ladder_steps.index", public_id=made.public_id), "saved")

    return form.carry_out(act) or respond.page(
        "mailings/ladders/rules.html", 422 if form.errors else 200, form=form, ladder=None
    )


@bp.get("/<token:public_id>")
@access.needs(queries.VIEW)
def show(public_id: str) -> Response:
    """How a ladder stands: its steps, and how many people wait before each."""
    actor = access.current_actor()
    ladder = queries.ladder(actor, public_id)
    number = request.args.get("version", type=int) or ladder.current
    steps = queries.steps_of(queries.version_of(ladder, number).id) if number else []
    return _page(
        "mailings/ladders/show.html",
        ladder,
        steps=steps,
        number=number,
        numbers=queries.published_numbers(ladder),
        waiting=queries.waiting_at(steps),
        ends=queries.ends_of(ladder),
        titles=queries.petition_titles(ladder),
        draft=queries.draft_of(ladder),
    )


@bp.post("/<token:public_id>/<any(pause, resume, close, stop):deed>")
@access.needs(queries.MANAGE)
@csrf.session
def move(public_id: str, deed: str) -> BaseResponse:
    """Pause, resume, close or stop a ladder."""
    laddering.move_ladder(access.current_actor(), public_id, STATES[deed])
    return respond.see_other(url_for("ladders.show", public_id=public_id), f"ladder-{deed}")


@bp.get("/<token:public_id>/people")
@access.needs(queries.MANAGE)
def people(public_id: str) -> Response:
    """Who is where, by initials."""
    ladder = queries.ladder(access.current_actor(), public_id, queries.MANAGE)
    state = request.args.get("state", str(EnrollmentState.WAITING))
    if state not in set(EnrollmentState):
        raise NotFound
    lines, after = queries.people_on(ladder, state, request.args.get("before", type=int))
    return _page(
        "mailings/ladders/people.html",
        ladder,
        state=state,
        lines=lines,
        after=after,
        steps=queries.step_names(lines),
        titles=queries.petition_titles(ladder),
        zone=coalitions.coalition(ladder.coalition_id).tz,
    )


@bp.post("/<token:public_id>/people/<token:person_id>/out")
@access.needs(queries.MANAGE)
@csrf.session
def take_out(public_id: str, person_id: str) -> BaseResponse:
    """Take one person off a ladder."""
    entering.take_out(access.current_actor(), public_id, person_id)
    return respond.see_other(url_for("ladders.people", public_id=public_id), "ladder-out")


@bp.route("/<token:public_id>/add", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def add(public_id: str) -> BaseResponse:
    """Bring in everybody who matches: first how many that are, then the deed."""
    actor = access.current_actor()
    ladder = queries.ladder(actor, public_id, queries.MANAGE)
    version = queries.current_of(ladder)
    form = forms.AddForm.of(queries.petition_choices(ladder.coalition_id))
    size = None
    if request.method == "POST" and form.validate():
        rule = form.rule(Purpose(version.purpose))
        if request.form.get("sure") == "y":
            entering.add_everybody(actor, public_id, rule)
            return respond.see_other(url_for("ladders.show", public_id=public_id), "ladder-added")
        size = queries.size_of(entering.matching(version, rule))
    return _page(
        "mailings/ladders/add.html", ladder, 422 if form.errors else 200, form=form, size=size, version=version
    )


def _page(template: str, ladder: Ladder, status: int = 200, **context: object) -> Response:
    may_manage = roles.can(access.current_actor(), queries.MANAGE)
    return respond.page(template, status, ladder=ladder, words=words, may_manage=may_manage, **context)
