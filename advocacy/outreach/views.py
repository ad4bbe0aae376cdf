"""Contacts with lawmakers at the desk."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.accounts import queries as accounts
from advocacy.coalitions import rules as coalition_rules
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.outreach import queries
from advocacy.outreach.forms import CONTACT_WORDS, LOBBYING_WORDS, ContactForm
from advocacy.outreach.models import ContactKind, ContactLog
from advocacy.outreach.services import contacting
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("contacts", __name__, url_prefix="/desk/contacts")
VIEW, MANAGE = queries.VIEW, queries.MANAGE
notices.register("contact-saved", _l("The contact is noted."))
notices.register("contact-followed-up", _l("Noted: it was followed up."))
SEARCH_LENGTH = 80


@bp.get("")
@access.needs(VIEW)
def index() -> Response:
    """Contacts of the coalition, filtered, newest first."""
    actor = access.current_actor()
    kind = request.args.get("kind", "")
    filters = queries.Filters(
        kind=kind if kind in set(ContactKind) else "",
        bill_id=request.args.get("bill", type=int),
        open_only=request.args.get("open") == "y",
        office=request.args.get("office", "")[:SEARCH_LENGTH].strip(),
    )
    page = queries.contacts(actor, filters, request.args.get("before", type=int))
    return respond.page(
        "outreach/contacts.html",
        page=page,
        filters=filters,
        bills=queries.bills([row.bill_id for row in page.rows]),
        bill_choices=queries.bill_choices(actor.coalition_id),
        names=accounts.names({row.entered_by for row in page.rows if row.entered_by is not None}),
        kind_words=CONTACT_WORDS,
        may_manage=coalition_rules.can(actor, MANAGE),
    )


@bp.get("/new")
@access.needs(MANAGE)
def new() -> Response:
    """An empty form."""
    return _form_page(ContactForm.of_request(), None)


@bp.post("/new")
@access.needs(MANAGE)
@csrf.session
def create() -> Response | BaseResponse:
    """Note a contact."""
    actor = access.current_actor()
    form = ContactForm.of_request()
    form.offer_bills(queries.bill_choices(actor.coalition_id))
    if actor.coalition_id is None:
        raise NotFound
    if not form.validate():
        return _form_page(form, None, 422)
    try:
        contacting.log_contact(actor, actor.coalition_id, form.contact())
    except RuleBroken as error:
        form.refuse(error)
        return _form_page(form, None, 422)
    return respond.see_other(url_for("contacts.index"), "contact-saved")


@bp.get("/<token:public_id>")
@access.needs(VIEW)
def show(public_id: str) -> Response:
    """One contact."""
    actor = access.current_actor()
    row = queries.contact(actor, public_id)
    return respond.page(
        "outreach/contact.html",
        contact=row,
        bill=queries.bills([row.bill_id]).get(row.bill_id or 0),
        names=accounts.names({row.entered_by} if row.entered_by is not None else set()),
        kind_words=CONTACT_WORDS,
        lobbying_words=LOBBYING_WORDS,
        may_manage=coalition_rules.can(actor, MANAGE),
    )


@bp.get("/<token:public_id>/edit")
@access.needs(MANAGE)
def edit(public_id: str) -> Response:
    """The form, filled."""
    row = queries.contact(access.current_actor(), public_id, MANAGE)
    return _form_page(ContactForm(None, obj=row, bill=str(row.bill_id or "")), row)


@bp.post("/<token:public_id>/edit")
@access.needs(MANAGE)
@csrf.session
def change(public_id: str) -> Response | BaseResponse:
    """Mend what was noted."""
    actor = access.current_actor()
    row = queries.contact(actor, public_id, MANAGE)
    form = ContactForm.of_request()
    form.offer_bills(queries.bill_choices(actor.coalition_id))
    if not form.validate():
        return _form_page(form, row, 422)
    try:
        contacting.change_contact(actor, public_id, form.contact(row.letter_id), version=form.version.data or 0)
    except RuleBroken as error:
        form.refuse(error)
        return _form_page(form, row, 422)
    return respond.see_other(url_for("contacts.show", public_id=public_id), "contact-saved")


@bp.post("/<token:public_id>/follow-up")
@access.needs(MANAGE)
@csrf.session
def follow_up(public_id: str) -> BaseResponse:
    """It was followed up."""
    contacting.follow_up(access.current_actor(), public_id)
    return respond.see_other(url_for("contacts.show", public_id=public_id), "contact-followed-up")


def _form_page(form: ContactForm, row: ContactLog | None, status: int = 200) -> Response:
    form.offer_bills(queries.bill_choices(access.current_actor().coalition_id))
    return respond.page("outreach/contact_form.html", status, form=form, contact=row)
