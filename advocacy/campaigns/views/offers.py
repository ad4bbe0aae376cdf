"""Who is asked, and the small actions that a campaign offers itself."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from advocacy.campaigns.forms.plan import ActionForm, TargetForm
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.queries import plan
from advocacy.campaigns.services import acting, planning
from advocacy.campaigns.views import pages
from advocacy.web import access, csrf

bp = Blueprint("campaigns_offers", __name__, url_prefix="/desk/campaigns/<token:public_id>")


@bp.route("/targets/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def add_target(public_id: str) -> BaseResponse:
    """Say who is asked."""
    actor = access.current_actor()
    found, form = queries.campaign(actor, public_id), TargetForm.of_request()

    def act() -> BaseResponse:
        key = form.key.data if form.is_legislator else ""
        planning.add_target(actor, public_id, kind=form.kind.data, name=form.name.data, key=key, why=form.why.data)
        return pages.back_to(public_id, "plan")

    return form.carry_out(act) or pages.form_page(
        form,
        title=_("Add who is asked"),
        crumbs=pages.crumbs_of(found, "plan"),
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
    return pages.back_to(public_id, "plan")


@bp.route("/actions/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def add_action(public_id: str) -> BaseResponse:
    """Offer something small."""
    actor = access.current_actor()
    found, form = queries.campaign(actor, public_id), ActionForm.of_request()

    def act() -> BaseResponse:
        acting.add_action(
            actor,
            public_id,
            kind=form.kind.data,
            title=form.title.data,
            text=form.text.data,
            words=form.words.data,
            effort_minutes=form.effort_minutes.data,
            exposure=form.exposure.data,
        )
        return pages.back_to(public_id, "plan")

    return form.carry_out(act) or pages.form_page(
        form,
        title=_("Add a small action"),
        crumbs=pages.crumbs_of(found, "plan"),
        lead=_("Petitions and other actions appear by themselves. Here you offer what needs no form: know and tell."),
        hints={"words": _("People can copy these and pass them on."), "text": _("In plain words, step by step.")},
    )


@bp.post("/actions/<token:part>/<any(open, close):step>")
@access.needs(queries.MANAGE)
@csrf.session
def set_action(public_id: str, part: str, step: str) -> BaseResponse:
    """Close an action, or open it again."""
    acting.set_action_open(access.current_actor(), public_id, part, is_open=step == "open")
    return pages.back_to(public_id, "plan")
