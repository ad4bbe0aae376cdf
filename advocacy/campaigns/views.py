"""Campaigns at the desk and for everybody."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.campaigns import queries, rules, services
from advocacy.campaigns.forms import ChangeCampaignForm, MoveForm, NewCampaignForm
from advocacy.campaigns.models import Campaign, CampaignState
from advocacy.core.errors import Conflict, NotFound, RuleBroken
from advocacy.web import access, csrf, respond

bp = Blueprint("campaigns", __name__)
STATE_WORDS = {
    CampaignState.DRAFT: (_l("Draft"), "plain"),
    CampaignState.ACTIVE: (_l("Active"), "good"),
    CampaignState.PAUSED: (_l("Paused"), "warn"),
    CampaignState.WON: (_l("Won"), "good"),
    CampaignState.LOST: (_l("Lost"), "plain"),
    CampaignState.CLOSED: (_l("Closed"), "plain"),
    CampaignState.ARCHIVED: (_l("Archived"), "plain"),
}
STEP_WORDS = {
    CampaignState.ACTIVE: _l("Make it active"),
    CampaignState.PAUSED: _l("Pause"),
    CampaignState.WON: _l("Mark as won"),
    CampaignState.LOST: _l("Mark as lost"),
    CampaignState.CLOSED: _l("Close"),
    CampaignState.ARCHIVED: _l("Archive"),
}


@bp.get("/campaigns/<slug:slug>")
@access.public
def page(slug: str) -> Response:
    """Show a campaign and the actions that serve it."""
    found = queries.public_campaign(slug)
    return respond.cacheable(
        respond.page("campaigns/page.html", campaign=found, state=STATE_WORDS[CampaignState(found.state)]), 1.0
    )


@bp.get("/desk/campaigns")
@access.needs("campaigns.manage")
def index() -> Response:
    """List the coalition's campaigns."""
    found = queries.campaigns(access.current_actor(), request.args.get("after", type=int))
    return respond.page("campaigns/index.html", page=found, state_words=STATE_WORDS)


@bp.get("/desk/campaigns/new")
@access.needs("campaigns.manage")
def new_page() -> Response:
    """Show the empty form."""
    return respond.page("campaigns/new.html", form=NewCampaignForm())


@bp.post("/desk/campaigns")
@access.needs("campaigns.manage")
@csrf.session
def create() -> BaseResponse:
    """Make a draft."""
    form = NewCampaignForm.of_request()
    if form.validate():
        actor = access.current_actor()
        if actor.coalition_id is None:
            raise NotFound
        try:
            made = services.create_campaign(
                actor,
                actor.coalition_id,
                slug=form.slug.data or "",
                title=form.title.data or "",
                goal=form.goal.data or "",
            )
        except (RuleBroken, Conflict) as error:
            form.refuse(error)
        else:
            return respond.see_other(f"/desk/campaigns/{made.public_id}", done="saved")
    return respond.page("campaigns/new.html", 422, form=form)


@bp.get("/desk/campaigns/<token:public_id>")
@access.needs("campaigns.manage")
def edit_page(public_id: str) -> Response:
    """Show one campaign with its form and its next steps."""
    found = queries.campaign(access.current_actor(), public_id)
    return _edit_page(found, ChangeCampaignForm(obj=found))


@bp.post("/desk/campaigns/<token:public_id>")
@access.needs("campaigns.manage")
@csrf.session
def change(public_id: str) -> BaseResponse:
    """Change the words."""
    form = ChangeCampaignForm.of_request()
    actor = access.current_actor()
    if not form.validate():
        return _edit_page(queries.campaign(actor, public_id), form, 422)
    services.change_campaign(
        actor,
        public_id,
        version=form.version.data or 0,
        title=form.title.data or "",
        goal=form.goal.data or "",
    )
    return respond.see_other(f"/desk/campaigns/{public_id}", done="saved")


@bp.post("/desk/campaigns/<token:public_id>/move")
@access.needs("campaigns.manage")
@csrf.session
def move(public_id: str) -> BaseResponse:
    """Take the campaign a step further."""
    form = MoveForm.of_request()
    if not form.validate():
        raise RuleBroken
    services.move_campaign(
        access.current_actor(), public_id, version=form.version.data or 0, state=form.state.data or ""
    )
    return respond.see_other(f"/desk/campaigns/{public_id}", done="saved")


def _edit_page(found: Campaign, form: ChangeCampaignForm, status: int = 200) -> Response:
    return respond.page(
        "campaigns/edit.html",
        status,
        campaign=found,
        form=form,
        state=STATE_WORDS[CampaignState(found.state)],
        steps=[(state, STEP_WORDS[state]) for state in rules.next_states(found.state)],
        is_public=found.state in rules.PUBLIC_STATES,
    )
