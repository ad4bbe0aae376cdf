"""Bills at the desk and for everybody."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from advocacy.campaigns import rules, words
from advocacy.campaigns.forms.bills import BillCampaignForm, BillForm, BillStepForm, BillVersionForm
from advocacy.campaigns.models import Bill
from advocacy.campaigns.queries import bills, positions
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.services import tracking
from advocacy.campaigns.views import pages, timelines
from advocacy.coalitions import queries as coalitions
from advocacy.coalitions import rules as roles
from advocacy.web import access, csrf, respond
from advocacy.web.forms import Form

bp = Blueprint("campaigns_bills", __name__)
DESK = "/desk/bills"


@bp.get("/bills/<token:public_id>")
@access.public
def public_page(public_id: str) -> Response:
    """Show a bill to everybody."""
    found = bills.public_bill(public_id)
    return respond.cacheable(
        respond.page(
            "campaigns/bill.html",
            coalition=coalitions.coalition(found.coalition_id),
            **_facts(found, for_everybody=True),
        ),
        1.0,
    )


@bp.get(DESK)
@access.needs(queries.VIEW)
def index() -> Response:
    """List the bills that the coalition follows."""
    page = bills.bills(access.current_actor(), pages.after())
    return respond.page(
        "campaigns/desk/bills.html",
        page=page,
        bill_words=words.BILLS,
        positions=positions.live_positions([bill.id for bill in page.rows]),
        stances=words.STANCES,
        may_manage=pages.may_manage(),
    )


@bp.route(f"{DESK}/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def add() -> BaseResponse:
    """Begin to follow a bill."""
    actor, coalition_id = access.current_actor(), pages.in_view()
    form = BillForm.of_request(checked_on=queries.today(coalition_id))

    def act() -> BaseResponse:
        return _back_to(tracking.add_bill(actor, coalition_id, form.words).public_id)

    return form.carry_out(act) or _form_page(form, _("Add a bill"), [(_("Bills"), DESK)])


@bp.get(f"{DESK}/<token:public_id>")
@access.needs(queries.VIEW)
def show(public_id: str) -> Response:
    """Show a bill with its timeline."""
    found = bills.bill(access.current_actor(), public_id)
    asked = positions.proposals(found)
    decisions = positions.decisions_of([*asked, *positions.positions(found)])
    return respond.page(
        "campaigns/desk/bill.html",
        asked=[(row, decisions[row.decision_id]) for row in asked],
        decisions=decisions,
        may_ask=roles.can(access.current_actor(), "decisions.manage"),
        may_manage=pages.may_manage(),
        **_facts(found, for_everybody=False),
    )


@bp.route(f"{DESK}/<token:public_id>/edit", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def edit(public_id: str) -> BaseResponse:
    """Change what is written of a bill."""
    actor = access.current_actor()
    found = bills.bill(actor, public_id)
    form = BillForm.of_request(obj=found)

    def act() -> BaseResponse:
        tracking.change_bill(actor, public_id, form.words, version=form.version.data)
        return _back_to(public_id)

    return form.carry_out(act) or _form_page(form, _("Change the bill"), _crumbs(found))


@bp.route(f"{DESK}/<token:public_id>/steps/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def add_step(public_id: str) -> BaseResponse:
    """Note what happened to a bill."""
    actor = access.current_actor()
    found = bills.bill(actor, public_id)
    form = BillStepForm.of_request(happened_on=queries.today(found.coalition_id))

    def act() -> BaseResponse:
        day, status = form.happened_on.data, form.status.data or ""
        tracking.add_step(actor, public_id, what=form.what.data, happened_on=day, status=status)
        return _back_to(public_id)

    return form.carry_out(act) or _form_page(form, _("Note what happened"), _crumbs(found))


@bp.route(f"{DESK}/<token:public_id>/versions/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def add_version(public_id: str) -> BaseResponse:
    """Note a printed text."""
    actor = access.current_actor()
    found = bills.bill(actor, public_id)
    form = BillVersionForm.of_request(printed_on=queries.today(found.coalition_id))

    def act() -> BaseResponse:
        day, url = form.printed_on.data, form.url.data
        tracking.add_version(actor, public_id, label=form.label.data, printed_on=day, url=url)
        return _back_to(public_id)

    return form.carry_out(act) or _form_page(form, _("Add a version"), _crumbs(found))


@bp.route(f"{DESK}/<token:public_id>/campaigns/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def link(public_id: str) -> BaseResponse:
    """Say which campaign is about the bill."""
    actor = access.current_actor()
    found, form = bills.bill(actor, public_id), BillCampaignForm.of_request()
    there = {campaign.id for campaign in bills.campaigns_about(found)}
    form.offer([campaign for campaign in queries.campaigns(actor).rows if campaign.id not in there])

    def act() -> BaseResponse:
        tracking.link_bill(actor, form.campaign.data, public_id, is_linked=True)
        return _back_to(public_id)

    return form.carry_out(act) or _form_page(form, _("Link a campaign"), _crumbs(found))


@bp.post(f"{DESK}/<token:public_id>/campaigns/<token:part>/remove")
@access.needs(queries.MANAGE)
@csrf.session
def unlink(public_id: str, part: str) -> BaseResponse:
    """Say that a campaign is no longer about the bill."""
    tracking.link_bill(access.current_actor(), part, public_id, is_linked=False)
    return _back_to(public_id)


def _facts(found: Bill, *, for_everybody: bool) -> dict[str, Any]:
    actions, versions, taken = bills.actions(found), bills.versions(found), positions.positions(found)
    shown = sorted(rules.PUBLIC_STATES) if for_everybody else None
    campaigns = bills.campaigns_about(found, public_states=shown)
    return {
        "campaigns": campaigns,
        "bill": found,
        "bill_status": words.BILLS[found.status],  # type: ignore[index]
        "versions": versions,
        "position": next((row for row in taken if row.valid_to is None), None),
        "stances": words.STANCES,
        "timeline": timelines.of_bill(found, actions, versions, taken, campaigns, for_everybody=for_everybody),
    }


def _back_to(public_id: str) -> BaseResponse:
    return respond.see_other(f"{DESK}/{public_id}", done="saved")


def _crumbs(found: Bill) -> list[tuple[str, str]]:
    return [(_("Bills"), DESK), (found.identifier, f"{DESK}/{found.public_id}")]


def _form_page(form: Form, title: str, crumbs: list[tuple[str, str]]) -> Response:
    return pages.form_page(
        form,
        title=title,
        crumbs=crumbs,
        hints={
            "identifier": _("As it is printed, such as HB 2002. Points, spaces and hyphens make no difference."),
            "jurisdiction": _("For example: Oregon"),
            "session": _("For example: 2027 Regular Session"),
            "checked_on": _("The day on which somebody last looked at the source."),
            "summary": _("Two or three sentences in plain words."),
        },
    )
