"""Hearings at the desk."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from advocacy.campaigns.queries import bills
from advocacy.campaigns.queries.campaigns import today
from advocacy.coalitions import queries as coalitions
from advocacy.coalitions import rules as roles
from advocacy.core.errors import NotFound
from advocacy.hearings import queries, words
from advocacy.hearings.forms import HearingForm
from advocacy.hearings.models import HearingState
from advocacy.hearings.services import placing
from advocacy.web import access, csrf, respond

bp = Blueprint("hearings", __name__)
DESK, BILLS = "/desk/hearings", "/desk/bills"


@bp.get(DESK)
@access.needs(queries.VIEW)
def index() -> Response:
    """List hearings: those to come, then those that were."""
    actor = access.current_actor()
    if actor.coalition_id is None:
        raise NotFound
    now = today(actor.coalition_id)
    return respond.page(
        "hearings/index.html",
        ahead=queries.ahead(actor, now),
        past=queries.past(actor, now),
        states=words.STATES,
        moment=words.moment,
    )


@bp.get(f"{DESK}/<token:public_id>")
@access.needs(queries.VIEW)
def show(public_id: str) -> Response:
    """Show a hearing, and how it changed."""
    actor = access.current_actor()
    found = queries.hearing(actor, public_id)
    return respond.page(
        "hearings/show.html",
        hearing=found,
        bills=queries.bills_of(found),
        revisions=queries.revisions(found),
        zone=coalitions.coalition(found.coalition_id).tz,
        states=words.STATES,
        moment=words.moment,
        may_manage=roles.can(actor, queries.MANAGE),
    )


@bp.route(f"{BILLS}/<token:public_id>/hearings/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def add(public_id: str) -> BaseResponse:
    """Note a hearing of a bill."""
    actor = access.current_actor()
    bill = bills.bill(actor, public_id)
    zone = coalitions.coalition(bill.coalition_id).tz
    form = HearingForm.of_request(
        tz=zone, state=HearingState.CONFIRMED, title=_("Hearing on %(bill)s", bill=bill.identifier)
    )
    form.offer()

    def act() -> BaseResponse:
        made = placing.add_hearing(actor, bill.coalition_id, form.facts(), [bill.id])
        return respond.see_other(f"{DESK}/{made.public_id}", done="saved")

    crumbs = [(_("Bills"), BILLS), (bill.identifier, f"{BILLS}/{public_id}")]
    return form.carry_out(act) or _form_page(form, _("Note a hearing"), crumbs)


@bp.route(f"{DESK}/<token:public_id>/edit", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def edit(public_id: str) -> BaseResponse:
    """Move, cancel or mend a hearing."""
    actor = access.current_actor()
    found = queries.hearing(actor, public_id)
    form = HearingForm.of_request(obj=found)
    form.offer(found.state)

    def act() -> BaseResponse:
        placing.change_hearing(actor, public_id, form.facts(found), version=form.version.data)
        return respond.see_other(f"{DESK}/{public_id}", done="saved")

    crumbs = [(_("Hearings"), DESK), (found.title, f"{DESK}/{public_id}")]
    return form.carry_out(act) or _form_page(form, _("Change the hearing"), crumbs)


def _form_page(form: HearingForm, title: str, crumbs: list[tuple[str, str]]) -> Response:
    return respond.page(
        "hearings/form.html", 422 if form.errors else 200, form=form, heading=title, crumbs=[*crumbs, (title, None)]
    )
