"""The plan of a campaign: numbers and milestones, beside who is asked and what people can do."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from advocacy.campaigns import rules, words
from advocacy.campaigns.forms.campaigns import MoveForm
from advocacy.campaigns.forms.plan import IndicatorForm, MeasurementForm, MilestoneForm
from advocacy.campaigns.models import MilestoneState
from advocacy.campaigns.queries import actions, plan
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.services import planning
from advocacy.campaigns.views import pages
from advocacy.core.errors import RuleBroken
from advocacy.web import access, csrf

bp = Blueprint("campaigns_plan", __name__, url_prefix="/desk/campaigns/<token:public_id>")


@bp.get("/plan")
@access.needs(queries.VIEW)
def show(public_id: str) -> Response:
    """Show numbers, milestones, targets and actions."""
    found = queries.campaign(access.current_actor(), public_id)
    return pages.desk_page(
        "campaigns/desk/plan.html",
        found,
        progress=plan.progress(found),
        milestones=plan.milestones(found),
        milestone_words=words.MILESTONES,
        milestone_steps={
            state: [(step, words.MILESTONE_STEPS[step]) for step in MilestoneState if rules.can_settle(state, step)]
            for state in MilestoneState
        },
        targets=plan.targets(found),
        target_words=words.TARGETS,
        own=actions.own_actions(found),
        actions=actions.open_actions([found.id])[found.id],
        action_words=words.ACTIONS,
        exposures=words.EXPOSURES,
        today=queries.today(found.coalition_id),
    )


@bp.route("/indicators/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def add_indicator(public_id: str) -> BaseResponse:
    """Say by which number the goal is judged."""
    actor = access.current_actor()
    found = queries.campaign(actor, public_id)
    form = IndicatorForm.of_request(baseline_on=queries.today(found.coalition_id))

    def act() -> BaseResponse:
        planning.add_indicator(
            actor,
            public_id,
            title=form.title.data,
            unit=form.unit.data,
            baseline=form.baseline.data,
            target=form.target.data,
            on=form.baseline_on.data,
        )
        return pages.back_to(public_id, "plan")

    return form.carry_out(act) or pages.form_page(
        form,
        title=_("Add a number"),
        crumbs=pages.crumbs_of(found, "plan"),
        lead=_("A number shows everybody how far you are: from where you start to where you want to be."),
        hints={
            "title": _("For example: nights a month on which the warm line is open."),
            "unit": _("For example: nights"),
        },
    )


@bp.route("/indicators/<token:part>/measurements/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def measure(public_id: str, part: str) -> BaseResponse:
    """Note what the number was on a day."""
    actor = access.current_actor()
    found, indicator = queries.campaign(actor, public_id), plan.indicator(actor, part)
    pages.require_part(found, indicator)
    form = MeasurementForm.of_request(measured_on=queries.today(found.coalition_id))

    def act() -> BaseResponse:
        planning.add_measurement(actor, part, on=form.measured_on.data, value=form.value.data, source=form.source.data)
        return pages.back_to(public_id, "plan")

    return form.carry_out(act) or pages.form_page(
        form,
        title=_("Note a number"),
        crumbs=pages.crumbs_of(found, "plan"),
        lead=f"{indicator.title} ({indicator.unit})",
        hints={"source": _("Where the number comes from, so that others can check it.")},
    )


@bp.post("/indicators/<token:part>/remove")
@access.needs(queries.MANAGE)
@csrf.session
def remove_indicator(public_id: str, part: str) -> BaseResponse:
    """Take a number away."""
    actor = access.current_actor()
    pages.require_part(queries.campaign(actor, public_id), plan.indicator(actor, part))
    planning.remove_indicator(actor, part)
    return pages.back_to(public_id, "plan")


@bp.route("/milestones/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def add_milestone(public_id: str) -> BaseResponse:
    """Say what is to happen by a day."""
    actor = access.current_actor()
    found = queries.campaign(actor, public_id)
    form = MilestoneForm.of_request(is_public=True)

    def act() -> BaseResponse:
        planning.add_milestone(
            actor,
            public_id,
            title=form.title.data,
            due_on=form.due_on.data,
            note=form.note.data,
            is_public=form.is_public.data,
        )
        return pages.back_to(public_id, "plan")

    return form.carry_out(act) or pages.form_page(
        form,
        title=_("Add a milestone"),
        crumbs=pages.crumbs_of(found, "plan"),
        lead=_("The organizers are reminded a week and a day before."),
    )


@bp.route("/milestones/<token:part>", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def change_milestone(public_id: str, part: str) -> BaseResponse:
    """Change a milestone."""
    actor = access.current_actor()
    found, milestone = queries.campaign(actor, public_id), plan.milestone(actor, part)
    pages.require_part(found, milestone)
    form = MilestoneForm.of_request(obj=milestone)

    def act() -> BaseResponse:
        planning.change_milestone(
            actor,
            part,
            version=form.version.data,
            title=form.title.data,
            due_on=form.due_on.data,
            note=form.note.data,
            is_public=form.is_public.data,
        )
        return pages.back_to(public_id, "plan")

    return form.carry_out(act) or pages.form_page(
        form,
        title=_("Change the milestone"),
        crumbs=pages.crumbs_of(found, "plan"),
    )


@bp.post("/milestones/<token:part>/settle")
@access.needs(queries.MANAGE)
@csrf.session
def settle_milestone(public_id: str, part: str) -> BaseResponse:
    """Say that it was reached, missed or dropped."""
    form, actor = MoveForm.of_request(), access.current_actor()
    pages.require_part(queries.campaign(actor, public_id), plan.milestone(actor, part))
    if not form.validate():
        raise RuleBroken
    planning.settle_milestone(actor, part, version=form.version.data, state=form.state.data)
    return pages.back_to(public_id, "plan")
