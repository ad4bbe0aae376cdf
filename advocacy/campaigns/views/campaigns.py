"""Campaigns at the desk: list, write, take steps."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.campaigns import rules, words
from advocacy.campaigns.forms.campaigns import (
    ArchiveForm,
    ChangeCampaignForm,
    CopyForm,
    MoveForm,
    NewCampaignForm,
    VersionForm,
    VictoryForm,
)
from advocacy.campaigns.models import Campaign, CampaignState
from advocacy.campaigns.queries import actions, board, facts, news, plan
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.services import copying, drafting, moving
from advocacy.campaigns.views import pages, timelines
from advocacy.core.errors import Conflict
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("campaigns_desk", __name__, url_prefix="/desk/campaigns")
SLUG_LENGTH = 80
OWN_PAGES = {CampaignState.WON: "victory", CampaignState.ARCHIVED: "archive"}
notices.register("campaign-moved", _l("The campaign stands where you put it."))
notices.register("campaign-copied", _l("The copy is made. It is a draft: nobody outside sees it."))


@bp.get("")
@access.needs(queries.VIEW)
def index() -> Response:
    """List the coalition's campaigns, its templates, or its archive."""
    show = request.args.get("show", "")
    found = queries.campaigns(
        access.current_actor(),
        request.args.get("after", type=int),
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
    form, made = NewCampaignForm.of_request(), []

    def act() -> None:
        slug, title, goal = form.slug.data or "", form.title.data or "", form.goal.data or ""
        actor = access.current_actor()
        made.append(drafting.create_campaign(actor, pages.in_view(), slug=slug, title=title, goal=goal))

    if pages.carried_out(form, act):
        return respond.see_other(pages.home_of(made[0]), done="saved")
    return _new_page(form, 422)


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

    def act() -> None:
        drafting.change_campaign(
            actor,
            public_id,
            version=form.version.data or 0,
            title=form.title.data or "",
            goal=form.goal.data or "",
        )

    if pages.carried_out(form, act):
        return respond.see_other(f"/desk/campaigns/{public_id}", done="saved")
    return _edit_page(queries.campaign(actor, public_id), form, 422)


@bp.post("/<token:public_id>/move")
@access.needs(queries.MANAGE)
@csrf.session
def move(public_id: str) -> BaseResponse:
    """Take the campaign a step further."""
    form, actor = MoveForm.of_request(), access.current_actor()

    def act() -> None:
        moving.move_campaign(actor, public_id, version=form.version.data or 0, state=form.state.data or "")

    if pages.carried_out(form, act):
        return respond.see_other(f"/desk/campaigns/{public_id}", done="campaign-moved")
    return _show(queries.campaign(actor, public_id), form, 422)


@bp.post("/<token:public_id>/template")
@access.needs(queries.MANAGE)
@csrf.session
def template(public_id: str) -> BaseResponse:
    """Make a draft a template, or an ordinary draft again."""
    form, actor = VersionForm.of_request(), access.current_actor()
    is_template = request.form.get("is_template") == "y"
    drafting.mark_template(actor, public_id, version=form.version.data or 0, is_template=is_template)
    return respond.see_other(f"/desk/campaigns/{public_id}", done="saved")


@bp.route("/<token:public_id>/victory", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def victory(public_id: str) -> BaseResponse:
    """Mark a victory, with what proves it."""
    actor = access.current_actor()
    found = _to_take_step(public_id, CampaignState.WON)
    form = VictoryForm.of_request(version=found.version)

    def act() -> None:
        proof = moving.Proof(
            form.summary.data or "", form.source_name.data or "", form.source_url.data or "", form.happened_on.data
        )
        moving.win_campaign(actor, public_id, version=form.version.data or 0, proof=proof)

    if request.method == "POST" and pages.carried_out(form, act):
        return respond.see_other(pages.home_of(found), done="campaign-moved")
    return pages.form_page(
        form,
        title=_("Mark as won"),
        crumbs=pages.campaign_crumbs(found),
        status=_status(form),
        lead=_("A victory is shown with what proves it, so that everybody can check."),
        hints={
            "summary": _("What is different now, in one or two sentences."),
            "source_name": _("A law, a budget, a vote, a decision."),
        },
        save=_("Mark as won"),
    )


@bp.route("/<token:public_id>/archive", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def archive(public_id: str) -> BaseResponse:
    """Put the campaign away; its old address leads on."""
    actor = access.current_actor()
    found = _to_take_step(public_id, CampaignState.ARCHIVED)
    year = str(queries.today(found.coalition_id).year)
    form = ArchiveForm.of_request(version=found.version, slug=f"{found.slug[: SLUG_LENGTH - 5]}-{year}")
    others = queries.public_campaigns(found.coalition_id).rows
    form.offer([other for other in others if other.id != found.id])

    def act() -> None:
        moving.archive_campaign(
            actor,
            public_id,
            version=form.version.data or 0,
            slug=form.slug.data or "",
            successor=form.successor.data or "",
        )

    if request.method == "POST" and pages.carried_out(form, act):
        return respond.see_other("/desk/campaigns?show=archive", done="campaign-moved")
    return pages.form_page(
        form,
        title=_("Archive this campaign"),
        crumbs=pages.campaign_crumbs(found),
        status=_status(form),
        lead=_("It stays readable for those who know its address, and nothing about it changes any more."),
        hints={
            "slug": _("Its present short name is then free for the next campaign."),
            "successor": _("Whoever opens the old address is led on."),
        },
        save=_("Archive"),
    )


@bp.route("/<token:public_id>/copy", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def copy(public_id: str) -> BaseResponse:
    """Make another campaign with the same plan."""
    actor, made = access.current_actor(), []
    found = queries.campaign(actor, public_id)
    form = CopyForm.of_request(title=found.title, begins_on=queries.today(found.coalition_id))

    def act() -> None:
        made.append(
            copying.copy_campaign(
                actor,
                public_id,
                slug=form.slug.data or "",
                title=form.title.data or "",
                begins_on=form.begins_on.data,
                is_template=form.is_template.data,
            )
        )

    if request.method == "POST" and pages.carried_out(form, act):
        return respond.see_other(pages.home_of(made[0]), done="campaign-copied")
    return pages.form_page(
        form,
        title=_("Copy this campaign"),
        crumbs=pages.campaign_crumbs(found),
        status=_status(form),
        lead=_(
            "The copy has the same asks, actions, milestones and tasks. Nothing is done yet, and every day moves along."
        ),
        hints={
            "begins_on": _("Days of milestones and tasks keep their distance to this one."),
            "is_template": _("A template stays at the desk as a pattern for others."),
        },
        save=_("Make the copy"),
    )


def _status(form: VersionForm | CopyForm) -> int:
    return 422 if form.errors else 200


def _to_take_step(public_id: str, state: CampaignState) -> Campaign:
    """The campaign, if it can take this step.

    Raises: Conflict when it cannot, NotFound.
    """
    found = queries.campaign(access.current_actor(), public_id)
    if found.is_template or not rules.can_move(found.state, state):
        raise Conflict(_("The campaign cannot take this step from where it stands now."))
    return found


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


def _edit_page(found: Campaign, form: ChangeCampaignForm, status: int = 200) -> Response:
    return pages.form_page(
        form, title=_("Change the words"), crumbs=pages.campaign_crumbs(found), status=status, save=_("Save")
    )
