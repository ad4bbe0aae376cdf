"""The library of facts at the desk."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from advocacy.campaigns.forms.campaigns import VersionForm
from advocacy.campaigns.forms.facts import FactForm
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.queries import facts
from advocacy.campaigns.services import asking
from advocacy.campaigns.views import pages
from advocacy.web import access, csrf, respond

bp = Blueprint("campaigns_facts", __name__, url_prefix="/desk/facts")
YEAR = timedelta(days=365)


@bp.get("")
@access.needs(queries.VIEW)
def index() -> Response:
    """List the cards."""
    retired = request.args.get("show") == "retired"
    page = facts.facts(access.current_actor(), pages.after(), retired=retired)
    return respond.page(
        "campaigns/desk/facts.html",
        page=page,
        retired=retired,
        today=queries.today(pages.in_view()),
        may_manage=pages.may_manage(),
    )


@bp.route("/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def add() -> BaseResponse:
    """Write a card."""
    actor, coalition_id = access.current_actor(), pages.in_view()
    form = FactForm.of_request(review_on=queries.today(coalition_id) + YEAR)

    def act() -> BaseResponse:
        asking.add_fact(actor, coalition_id, form.words)
        return respond.see_other("/desk/facts", done="saved")

    return form.carry_out(act) or _form_page(form, _("Add a fact card"))


@bp.route("/<token:public_id>", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def change(public_id: str) -> BaseResponse:
    """Change a card, or say that it still holds."""
    actor = access.current_actor()
    form = FactForm.of_request(obj=facts.fact(actor, public_id))

    def act() -> BaseResponse:
        asking.change_fact(actor, public_id, form.words, version=form.version.data)
        return respond.see_other("/desk/facts", done="saved")

    return form.carry_out(act) or _form_page(form, _("Change the fact card"))


@bp.post("/<token:public_id>/<any(retire, restore):step>")
@access.needs(queries.MANAGE)
@csrf.session
def retire(public_id: str, step: str) -> BaseResponse:
    """Take a card off every page, or bring it back."""
    form = VersionForm.of_request()
    asking.retire_fact(access.current_actor(), public_id, version=form.version.data, is_retired=step == "retire")
    return respond.see_other("/desk/facts", done="saved")


def _form_page(form: FactForm, title: str) -> Response:
    return pages.form_page(
        form,
        title=title,
        crumbs=[(_("Facts"), "/desk/facts")],
        lead=_("One claim a card, with who says it. You are reminded to look at it again."),
        hints={
            "claim": _("One sentence with its number, in plain words."),
            "source_name": _("Who counted it: an agency, a study, a report."),
        },
    )
