"""Ladders at the desk: writing the steps, checking them, trying them out."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from advocacy.coalitions import queries as coalitions
from advocacy.core import clock
from advocacy.core.errors import NotFound
from advocacy.mailings import ladder_forms as forms
from advocacy.mailings import ladder_queries as queries
from advocacy.mailings import ladder_rules
from advocacy.mailings import ladder_words as words
from advocacy.mailings.ladder_models import Ladder, LadderVersion, StepKind
from advocacy.mailings.services import laddering
from advocacy.web import access, csrf, respond
from advocacy.web.forms import Form

bp = Blueprint("ladder_steps", __name__, url_prefix="/desk/mailings/ladders")
KIND = "<any(mail, wait, decide, go, end):kind>"


@bp.get("/<token:public_id>/steps")
@access.needs(queries.MANAGE)
def index(public_id: str) -> Response:
    """Show the draft's steps, and what stands against publishing them."""
    ladder, draft = _draft(public_id)
    steps = queries.steps_of(draft.id)
    today = clock.now().astimezone(_zone(ladder)).date()
    problems: dict[int, list[object]] = {}
    for problem in ladder_rules.problems(steps, today):
        problems.setdefault(problem.ref, []).append(words.PROBLEMS[problem.code])
    return respond.page(
        "mailings/ladders/steps.html",
        ladder=ladder,
        draft=draft,
        steps=steps,
        places={step.ref: step.rung + 1 for step in steps},
        problems=problems,
        words=words,
        titles=queries.petition_titles(ladder),
    )


@bp.post("/<token:public_id>/<any(draft, drop, publish):deed>")
@access.needs(queries.MANAGE)
@csrf.session
def settle(public_id: str, deed: str) -> BaseResponse:
    """Begin a draft, throw it away or publish it."""
    actor = access.current_actor()
    if deed == "draft":
        laddering.begin_draft(actor, public_id)
        return respond.see_other(url_for("ladder_steps.index", public_id=public_id))
    (laddering.publish if deed == "publish" else laddering.drop_draft)(actor, public_id)
    return respond.see_other(url_for("ladders.show", public_id=public_id), f"ladder-{deed}")


@bp.route("/<token:public_id>/rules", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def rules(public_id: str) -> BaseResponse:
    """Change whom the draft takes, and when somebody leaves."""
    actor = access.current_actor()
    ladder, draft = _draft(public_id)
    form = forms.RulesForm.of(queries.petition_choices(ladder.coalition_id), ladder, draft)

    def act() -> BaseResponse:
        laddering.change_rules(actor, public_id, form.facts(), version=form.version.data)
        return respond.see_other(url_for("ladder_steps.index", public_id=public_id), "saved")

    return form.carry_out(act) or respond.page(
        "mailings/ladders/rules.html", 422 if form.errors else 200, form=form, ladder=ladder
    )


@bp.route(f"/<token:public_id>/steps/new/{KIND}", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def add(public_id: str, kind: str) -> BaseResponse:
    """Put a step at the end."""
    actor = access.current_actor()
    ladder, draft = _draft(public_id)
    form = forms.step_form(kind, queries.steps_of(draft.id), queries.petition_choices(ladder.coalition_id))

    def act() -> BaseResponse:
        laddering.add_step(actor, public_id, forms.STORED_AS.get(kind, StepKind.ACT), form.settings())
        return respond.see_other(url_for("ladder_steps.index", public_id=public_id), "saved")

    return form.carry_out(act) or _step_page(ladder, form, kind)


@bp.route("/<token:public_id>/steps/<int:ref>", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def edit(public_id: str, ref: int) -> BaseResponse:
    """Write a step anew."""
    actor = access.current_actor()
    ladder, draft = _draft(public_id)
    steps = queries.steps_of(draft.id)
    step = next((one for one in steps if one.ref == ref), None)
    if step is None:
        raise NotFound
    kind = words.kind_of(step.kind, step.settings)
    form = forms.step_form(kind, steps, queries.petition_choices(ladder.coalition_id), step)

    def act() -> BaseResponse:
        laddering.change_step(actor, public_id, ref, form.settings())
        return respond.see_other(url_for("ladder_steps.index", public_id=public_id), "saved")

    return form.carry_out(act) or _step_page(ladder, form, kind)


@bp.post("/<token:public_id>/steps/<int:ref>/<any(up, down, remove):deed>")
@access.needs(queries.MANAGE)
@csrf.session
def shift(public_id: str, ref: int, deed: str) -> BaseResponse:
    """Move a step, or take it out."""
    actor = access.current_actor()
    if deed == "remove":
        laddering.remove_step(actor, public_id, ref)
    else:
        laddering.move_step(actor, public_id, ref, up=deed == "up")
    return respond.see_other(f"{url_for('ladder_steps.index', public_id=public_id)}#steps")


@bp.get("/<token:public_id>/try")
@access.needs(queries.MANAGE)
def simulate(public_id: str) -> Response:
    """What would happen to somebody, and when; nothing is sent."""
    ladder = queries.ladder(access.current_actor(), public_id, queries.MANAGE)
    version = queries.draft_of(ladder) or queries.current_of(ladder)
    steps, zone = queries.steps_of(version.id), _zone(ladder)
    form = forms.TryForm(request.args)
    start = (forms.start_of(form, zone) if form.validate() else None) or clock.now()
    answers = {step.ref: request.args.get(f"yes-{step.ref}") == "y" for step in steps}
    moments = ladder_rules.simulate(
        steps, answers, start, ladder_rules.Manner(zone), is_one_mail_a_day=version.is_one_mail_a_day
    )
    return respond.page(
        "mailings/ladders/try.html",
        ladder=ladder,
        steps=steps,
        by_ref={step.ref: step for step in steps},
        moments=moments,
        form=form,
        answers=answers,
        zone=str(zone),
        words=words,
        titles=queries.petition_titles(ladder),
    )


def _draft(public_id: str) -> tuple[Ladder, LadderVersion]:
    ladder = queries.ladder(access.current_actor(), public_id, queries.MANAGE)
    draft = queries.draft_of(ladder)
    if draft is None:
        raise NotFound
    return ladder, draft


def _zone(ladder: Ladder) -> ZoneInfo:
    return ZoneInfo(coalitions.coalition(ladder.coalition_id).tz)


def _step_page(ladder: Ladder, form: Form, kind: str) -> Response:
    return respond.page(
        "mailings/ladders/step.html", 422 if form.errors else 200, ladder=ladder, form=form, kind=kind, words=words
    )
