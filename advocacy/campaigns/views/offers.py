"""Who is asked, and the small actions that a campaign offers itself."""

from __future__ import annotations

from flask import Blueprint, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from advocacy.campaigns.forms.plan import ActionForm, TargetForm
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.queries import plan
from advocacy.campaigns.services import acting, planning
from advocacy.campaigns.views import pages
from advocacy.web import access, csrf, respond

bp = Blueprint("campaigns_offers", __name__, url_prefix="/desk/campaigns/<token:public_id>")


@bp.route("/targets/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def add_target(public_id: str) -> BaseResponse:
    """Say who is asked."""
    actor = access.current_actor()
    found = queries.campaign(actor, public_id)
    form = TargetForm.of_request()

    def act() -> None:
        planning.add_target(
            actor,
            public_id,
            kind=form.kind.data or "",
            name=form.name.data or "",
            key=(form.key.data or "") if form.is_legislator else "",
            why=form.why.data or "",
        )

    if request.method == "POST" and pages.carried_out(form, act):
        return respond.see_other(f"{pages.home_of(found)}/plan", done="saved")
    return pages.form_page(
        form,
        title=_("Add who is asked"),
        crumbs=pages.campaign_crumbs(found, (_("Plan"), f"{pages.home_of(found)}/plan")),
        status=422 if form.errors else 200,
        hints={
            "name": _("For a committee or somebody else. A legislator's name comes from the directory."),
            "key": _("For a legislator: the last part of the address of their page in the directory."),
        },
    )


@bp.post("/targets/<token:part>/remove")
@access.needs(queries.MANAGE)
@csrf.session
def remove_target(public_id: str, part: str) -> BaseResponse:
    """Take somebody off the list."""
    actor = access.current_actor()
    pages.require_part(queries.campaign(actor, public_id), plan.target(actor, part))
    planning.remove_target(actor, part)
    return respond.see_other(f"/desk/campaigns/{public_id}/plan", done="saved")


@bp.route("/actions/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def add_action(public_id: str) -> BaseResponse:
    """Offer something small."""
    actor = access.current_actor()
    found = queries.campaign(actor, public_id)
    form = ActionForm.of_request()

    def act() -> None:
        acting.add_action(
            actor,
            public_id,
            kind=form.kind.data or "",
            title=form.title.data or "",
            text=form.text.data or "",
            words=form.words.data or "",
            effort_minutes=form.effort_minutes.data,
            exposure=form.exposure.data or "",
        )

    if request.method == "POST" and pages.carried_out(form, act):
        return respond.see_other(f"{pages.home_of(found)}/plan", done="saved")
    return pages.form_page(
        form,
        title=_("Add a small action"),
        crumbs=pages.campaign_crumbs(found, (_("Plan"), f"{pages.home_of(found)}/plan")),
        status=422 if form.errors else 200,
        lead=_("Petitions and other actions appear by themselves. Here you offer what needs no form: know and tell."),
        hints={"words": _("People can copy these and pass them on."), "text": _("In plain words, step by step.")},
    )


@bp.post("/actions/<token:part>/<any(open, close):step>")
@access.needs(queries.MANAGE)
@csrf.session
def set_action(public_id: str, part: str, step: str) -> BaseResponse:
    """Close an action, or open it again."""
    acting.set_action_open(access.current_actor(), public_id, part, is_open=step == "open")
    return respond.see_other(f"/desk/campaigns/{public_id}/plan", done="saved")
