"""Contacts with lawmakers at the desk."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.accounts import queries as accounts
from advocacy.civic.services import directory
from advocacy.coalitions import rules as coalition_rules
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.outreach import queries
from advocacy.outreach.forms import CONTACT_WORDS, LOBBYING_WORDS, ContactForm
from advocacy.outreach.models import ContactKind, ContactLog
from advocacy.outreach.services import contacting
from advocacy.web import access, csrf, limits, notices, respond

bp = Blueprint("contacts", __name__, url_prefix="/desk/contacts")
VIEW, MANAGE = queries.VIEW, queries.MANAGE
notices.register("contact-saved", _l("The contact is noted."))
notices.register("contact-followed-up", _l("Noted: it was followed up."))
SEARCH_LENGTH = 80
MOST_FOUND = 10


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
        lawmakers=directory.names([row.legislator_key for row in page.rows]),
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
    if form.find.data or _must_choose(form):
        return _form_page(form, None, 200 if form.find.data else 422)
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
        lawmaker=directory.names([row.legislator_key]).get(row.legislator_key),
        kind_words=CONTACT_WORDS,
        lobbying_words=LOBBYING_WORDS,
        may_manage=coalition_rules.can(actor, MANAGE),
    )


@bp.get("/<token:public_id>/edit")
@access.needs(MANAGE)
def edit(public_id: str) -> Response:
    """The form, filled."""
    row = queries.contact(access.current_actor(), public_id, MANAGE)
    form = ContactForm(None, obj=row, bill=str(row.bill_id or ""), legislator=row.legislator_key)
    return _form_page(form, row)


@bp.post("/<token:public_id>/edit")
@access.needs(MANAGE)
@csrf.session
def change(public_id: str) -> Response | BaseResponse:
    """Mend what was noted."""
    actor = access.current_actor()
    row = queries.contact(actor, public_id, MANAGE)
    form = ContactForm.of_request()
    form.offer_bills(queries.bill_choices(actor.coalition_id))
    if form.find.data or _must_choose(form):
        return _form_page(form, row, 200 if form.find.data else 422)
    if not form.validate():
        return _form_page(form, row, 422)
    try:
        contacting.change_contact(actor, public_id, form.contact(row.letter_id), version=form.version.data)
    except RuleBroken as error:
        form.refuse(error)
        return _form_page(form, row, 422)
    return respond.see_other(url_for("contacts.show", public_id=public_id), "contact-saved")


@bp.post("/export.csv")
@access.needs(MANAGE)
@access.fresh
@csrf.session
def export() -> Response:
    """All contacts as CSV; noted in the record before the first byte leaves."""
    actor = access.current_actor()
    response = Response(contacting.export(actor, CONTACT_WORDS), mimetype="text/csv")
    limits.require_export(actor)
    response.headers["Content-Disposition"] = 'attachment; filename="contacts.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/<token:public_id>/follow-up")
@access.needs(MANAGE)
@csrf.session
def follow_up(public_id: str) -> BaseResponse:
    """It was followed up."""
    contacting.follow_up(access.current_actor(), public_id)
    return respond.see_other(url_for("contacts.show", public_id=public_id), "contact-followed-up")


def _found(form: ContactForm) -> dict[str, str]:
    """Who the words in the search field fit, and whoever is chosen already."""
    words, chosen = (form.lawmaker.data or "").strip(), form.legislator.data or ""
    known = directory.names([chosen])
    if words:
        known |= {one.id: one.name for one in directory.people_page(name=words, size=MOST_FOUND).officials}
    return known


def _must_choose(form: ContactForm) -> bool:
    """Whether a name was typed and nobody chosen yet: the one who fits is taken, several are shown."""
    if not (form.lawmaker.data or "").strip() or form.legislator.raw_data:
        return False
    found = _found(form)
    if len(found) == 1:
        form.legislator.data = next(iter(found))
        return False
    form.validate()
    words = _("Choose one of those found.") if found else _("Nobody in the directory has this name.")
    form.lawmaker.errors = [*form.lawmaker.errors, words]
    return True


def _form_page(form: ContactForm, row: ContactLog | None, status: int = 200) -> Response:
    form.offer_bills(queries.bill_choices(access.current_actor().coalition_id))
    form.offer_lawmakers(_found(form))
    return respond.page("outreach/contact_form.html", status, form=form, contact=row)
