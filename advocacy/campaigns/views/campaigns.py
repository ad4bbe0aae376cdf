"""Campaigns at the desk: list, write, take steps."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.campaigns import rules, words
from advocacy.campaigns.forms.campaigns import ChangeCampaignForm, MoveForm, NewCampaignForm
from advocacy.campaigns.models import Campaign, CampaignState
from advocacy.campaigns.queries import actions, board, facts, news, plan
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.services import drafting, moving
from advocacy.campaigns.views import pages, timelines
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("campaigns_desk", __name__, url_prefix="/desk/campaigns")
OWN_PAGES = {CampaignState.WON: "victory", CampaignState.ARCHIVED: "archive"}
notices.register("campaign-moved", _l("The campaign stands where you put it."))


@bp.get("")
@access.needs(queries.VIEW)
def index() -> Response:
    """List the coalition's campaigns, its templates, or its archive."""
    show = request.args.get("show", "")
    found = queries.campaigns(
        access.current_actor(),
        pages.after(),
        templates=show == "templates",
        archived=show == "archive",
    )
    show = show if show in {"templates", "archive"} else ""
    return respond.page(
        "campaigns/index.html", page=found, states=words.STATES, show=show, may_manage=pages.may_manage()
    )


@bp.get("/new")
@access.needs(queries.MANAGE)
def new_page() -> Response:
    """Show the empty form, and the templates to begin with."""
    return _new_page(NewCampaignForm())


@bp.post("")
@access.needs(queries.MANAGE)
@csrf.session
def create() -> BaseResponse:
    """Make a draft."""
    form, actor = NewCampaignForm.of_request(), access.current_actor()

    def act() -> BaseResponse:
        slug, title, goal = form.slug.data, form.title.data, form.goal.data
        made = drafting.create_campaign(actor, pages.in_view(), slug=slug, title=title, goal=goal)
        return pages.back_to(made.public_id)

    return form.carry_out(act) or _new_page(form, 422)


@bp.get("/<token:public_id>")
@access.needs(queries.VIEW)
def show(public_id: str) -> Response:
    """Show one campaign in one look: where it stands, what comes next."""
    return _show(queries.campaign(access.current_actor(), public_id), MoveForm())


@bp.get("/<token:public_id>/edit")
@access.needs(queries.MANAGE)
def edit_page(public_id: str) -> Response:
    """Show the words in a form."""
    found = queries.campaign(access.current_actor(), public_id)
    return _edit_page(found, ChangeCampaignForm(obj=found))


@bp.post("/<token:public_id>/edit")
@access.needs(queries.MANAGE)
@csrf.session
def change(public_id: str) -> BaseResponse:
    """Change the words."""
    form, actor = ChangeCampaignForm.of_request(), access.current_actor()

    def act() -> BaseResponse:
        version, title, goal = form.version.data, form.title.data, form.goal.data
        drafting.change_campaign(actor, public_id, version=version, title=title, goal=goal)
        return pages.back_to(public_id)

    return form.carry_out(act) or _edit_page(queries.campaign(actor, public_id), form)


@bp.post("/<token:public_id>/move")
@access.needs(queries.MANAGE)
@csrf.session
def move(public_id: str) -> BaseResponse:
    """Take the campaign a step further."""
    form, actor = MoveForm.of_request(), access.current_actor()

    def act() -> BaseResponse:
        moving.move_campaign(actor, public_id, version=form.version.data, state=form.state.data)
        return pages.back_to(public_id, done="campaign-moved")

    return form.carry_out(act) or _show(queries.campaign(actor, public_id), form, 422)


def _show(found: Campaign, form: MoveForm, status: int = 200) -> Response:
    entries, today = news.published(found), queries.today(found.coalition_id)
    milestones = plan.milestones(found)
    open_actions = actions.open_actions([found.id])[found.id]
    return pages.desk_page(
        "campaigns/desk/show.html",
        found,
        status,
        form=form,
        steps=[]
        if found.is_template
        else [(step, words.STEPS[step], OWN_PAGES.get(step)) for step in rules.next_states(found.state)],
        is_public=found.state in rules.PUBLIC_STATES
        or (found.state == CampaignState.ARCHIVED and bool(found.first_active_at)),
        evidence=queries.evidence_of(found),
        progress=plan.progress(found),
        timeline=timelines.of_campaign(found, milestones, entries, today),
        actions=open_actions,
        has_easy=any(rules.is_easy(row) for row in open_actions),
        action_words=words.ACTIONS,
        exposures=words.EXPOSURES,
        counts=board.task_counts(found),
        task_words=words.TASKS,
        asks=facts.asks(found),
        today=today,
    )


def _new_page(form: NewCampaignForm, status: int = 200) -> Response:
    templates = queries.campaigns(access.current_actor(), templates=True).rows
    return respond.page("campaigns/new.html", status, form=form, templates=templates)


def _edit_page(found: Campaign, form: ChangeCampaignForm) -> Response:
    return pages.form_page(form, title=_("Change the words"), crumbs=pages.crumbs_of(found))
