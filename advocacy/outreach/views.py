"""Contacts with lawmakers at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.accounts import queries as accounts
from advocacy.civic.services import directory
from advocacy.coalitions import rules as coalition_rules
from advocacy.core import clock
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.legislators import queries as legislators
from advocacy.outreach import contact_queries, queries
from advocacy.outreach.forms import LOBBYING_WORDS, ContactForm, VersionForm
from advocacy.outreach.models import ContactKind, ContactLog
from advocacy.outreach.services import contacting, exporting
from advocacy.outreach.words import CONTACT_WORDS
from advocacy.web import access, csrf, limits, notices, respond

bp = Blueprint("contacts", __name__, url_prefix="/desk/contacts")
VIEW, MANAGE = queries.VIEW, queries.MANAGE
notices.register("contact-saved", _l("The contact is noted."))
notices.register("contact-followed-up", _l("Noted: it was followed up."))
notices.register("contact-removed", _l("The contact was taken out. You can put it back for 30 days."))
notices.register("contact-restored", _l("The contact is back in the log."))
SEARCH_LENGTH = 80
KEY_LENGTH = 60
MOST_FOUND = 10


@bp.get("")
@access.needs(VIEW)
def index() -> Response:
    """Contacts of the coalition, filtered, newest first."""
    actor, filters = access.current_actor(), _filters()
    page = contact_queries.contacts(actor, filters, request.args.get("before", type=int))
    return respond.page(
        "outreach/contacts.html",
        page=page,
        asked=_asked(filters),
        bill_choices=queries.bill_choices(actor.coalition_id),
        may_manage=coalition_rules.can(actor, MANAGE),
        **_rows_words(page.rows, filters),
    )


@bp.get("/print")
@access.needs(VIEW)
def sheet() -> Response:
    """The same as a clean sheet of paper, the newest ones."""
    filters = _filters()
    page = contact_queries.contacts(access.current_actor(), filters, size=contact_queries.SHEET_SIZE)
    return respond.page(
        "outreach/contacts_sheet.html",
        page=page,
        back=url_for("contacts.index", **_asked(filters)),
        further=contact_queries.further_bills([row.id for row in page.rows]),
        printed_on=clock.now(),
        **_rows_words(page.rows, filters),
    )


@bp.get("/new")
@access.needs(MANAGE)
def new() -> Response:
    """An empty form."""
    key = request.args.get("lawmaker", "")[:KEY_LENGTH]
    name = legislators.names(access.current_actor(), [key]).get(key)
    known = {"legislator": key, "office": name} if name else {}
    form = ContactForm.of_request(bill=request.args.get("bill", ""), **known)
    return _form_page(form, None)


@bp.post("/new")
@access.needs(MANAGE)
@csrf.session
def create() -> Response | BaseResponse:
    """Note a contact."""
    actor = access.current_actor()
    form = ContactForm.of_request()
    _offer(form, row=None)
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
    row = contact_queries.contact(actor, public_id)
    took_part = contact_queries.members([row.id]).get(row.id, [])
    further = contact_queries.further_bills([row.id]).get(row.id, [])
    first = queries.bills([row.bill_id]).get(row.bill_id or 0)
    return respond.page(
        "outreach/contact.html",
        contact=row,
        bills=[first, *further] if first else [],
        took_part=took_part,
        kept_days=contacting.KEPT.days,
        names=accounts.names({*took_part, *([row.entered_by] if row.entered_by is not None else [])}),
        lawmaker=legislators.names(actor, [row.legislator_key]).get(row.legislator_key),
        kind_words=CONTACT_WORDS,
        lobbying_words=LOBBYING_WORDS,
        may_manage=coalition_rules.can(actor, MANAGE),
    )


@bp.get("/<token:public_id>/edit")
@access.needs(MANAGE)
def edit(public_id: str) -> Response:
    """The form, filled."""
    row = contact_queries.contact(access.current_actor(), public_id, MANAGE)
    form = ContactForm(
        None,
        obj=row,
        bill=str(row.bill_id or ""),
        legislator=row.legislator_key,
        members=contact_queries.members([row.id]).get(row.id, []),
        further_bills=[bill.id for bill in contact_queries.further_bills([row.id]).get(row.id, [])],
    )
    return _form_page(form, row)


@bp.post("/<token:public_id>/edit")
@access.needs(MANAGE)
@csrf.session
def change(public_id: str) -> Response | BaseResponse:
    """Mend what was noted."""
    actor = access.current_actor()
    row = contact_queries.contact(actor, public_id, MANAGE)
    form = ContactForm.of_request()
    _offer(form, row)
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
    cells = exporting.export(actor, CONTACT_WORDS, _filters())
    limits.require_export(actor)
    return respond.csv(cells, "contacts.csv")


@bp.post("/<token:public_id>/follow-up")
@access.needs(MANAGE)
@csrf.session
def follow_up(public_id: str) -> BaseResponse:
    """It was followed up."""
    contacting.follow_up(access.current_actor(), public_id)
    return respond.see_other(url_for("contacts.show", public_id=public_id), "contact-followed-up")


@bp.post("/<token:public_id>/remove")
@access.needs(MANAGE)
@csrf.session
def remove(public_id: str) -> BaseResponse:
    """Take it out of the log."""
    form = VersionForm.of_request()
    contacting.remove_contact(access.current_actor(), public_id, version=form.version.data)
    return respond.see_other(url_for("contacts.show", public_id=public_id), "contact-removed")


@bp.post("/<token:public_id>/restore")
@access.needs(MANAGE)
@csrf.session
def restore(public_id: str) -> BaseResponse:
    """Put it back."""
    contacting.restore_contact(access.current_actor(), public_id)
    return respond.see_other(url_for("contacts.show", public_id=public_id), "contact-restored")


def _filters() -> contact_queries.Filters:
    """What the address asks for; what it cannot mean is left out."""
    kind = request.values.get("kind", "")
    return contact_queries.Filters(
        kind=kind if kind in set(ContactKind) else "",
        bill_id=request.values.get("bill", type=int),
        open_only=request.values.get("open") == "y",
        office=request.values.get("office", "")[:SEARCH_LENGTH].strip(),
        lawmaker=request.values.get("lawmaker", "")[:KEY_LENGTH].strip(),
        since=request.values.get("since", type=date.fromisoformat),
        until=request.values.get("until", type=date.fromisoformat),
        removed=request.values.get("removed") == "y" and coalition_rules.can(access.current_actor(), MANAGE),
    )


def _asked(filters: contact_queries.Filters) -> dict[str, Any]:
    """The filters as they stand in an address."""
    given = {
        "kind": filters.kind,
        "bill": filters.bill_id,
        "open": "y" if filters.open_only else None,
        "office": filters.office,
        "lawmaker": filters.lawmaker,
        "since": filters.since and filters.since.isoformat(),
        "until": filters.until and filters.until.isoformat(),
        "removed": "y" if filters.removed else None,
    }
    return {name: value for name, value in given.items() if value}


def _rows_words(rows: Sequence[ContactLog], filters: contact_queries.Filters) -> dict[str, Any]:
    """What a list of contacts names: bills, people, ways."""
    took_part = contact_queries.members([row.id for row in rows])
    people = {user_id for found in took_part.values() for user_id in found}
    people |= {row.entered_by for row in rows if row.entered_by is not None}
    return {
        "filters": filters,
        "bills": queries.bills([row.bill_id for row in rows]),
        "took_part": took_part,
        "names": accounts.names(people),
        "lawmakers": legislators.names(
            access.current_actor(), [*(row.legislator_key for row in rows), filters.lawmaker]
        ),
        "kind_words": CONTACT_WORDS,
    }


def _offer(form: ContactForm, row: ContactLog | None) -> None:
    """Let the form take the coalition's bills and people, and whoever took part before."""
    coalition_id = access.current_actor().coalition_id
    form.offer_bills(queries.bill_choices(coalition_id))
    known = contact_queries.members([row.id]).get(row.id, []) if row is not None else []
    may = contact_queries.may_take_part(coalition_id) if coalition_id is not None else []
    form.offer_members(accounts.names({*may, *known}))


def _found(form: ContactForm) -> dict[str, str]:
    """Who the words in the search field fit, and whoever is chosen already."""
    words, chosen = (form.lawmaker.data or "").strip(), form.legislator.data or ""
    actor = access.current_actor()
    known = legislators.names(actor, [chosen])
    if words:
        known |= {one.key: one.full_name for one in legislators.own_lawmakers(actor, name=words, size=MOST_FOUND).rows}
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
    _offer(form, row)
    form.offer_lawmakers(_found(form))
    return respond.page("outreach/contact_form.html", status, form=form, contact=row)
