"""The lobbying ledger of one's own organization; nobody else's can be reached from here."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.coalitions.organization_models import Membership
from advocacy.core import clock
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.outreach import queries, rules
from advocacy.outreach.forms import LOBBYING_WORDS, EntryForm, ReasonForm, SpendingForm
from advocacy.outreach.models import LobbyingEntry, LobbyingKind
from advocacy.outreach.services import recording
from advocacy.web import access, csrf, limits, notices, respond

bp = Blueprint("lobbying", __name__, url_prefix="/desk/lobbying")
KEEP = queries.KEEP
for _code, _sentence in (
    ("entry-saved", _l("Entered.")),
    ("entry-reversed", _l("Taken back by a reversing entry. Now enter what is right.")),
    ("period-moved", _l("The quarter is a step further.")),
    ("spending-saved", _l("Saved. The limits follow from it.")),
    ("prompt-dismissed", _l("Noted: there is nothing to enter.")),
):
    notices.register(_code, _sentence)


@bp.get("")
@access.needs(KEEP)
def index() -> Response:
    """The year's ledger: what waits, the limits, the quarters, the entries."""
    membership = queries.own_organization(access.current_actor())
    return _ledger_page(membership, _year())


@bp.get("/entries/new")
@access.needs(KEEP)
def new() -> Response:
    """An empty form, or one begun for a letter."""
    membership = queries.own_organization(access.current_actor())
    form = EntryForm.of_request(happened_on=clock.now().date(), kind=LobbyingKind.DIRECT)
    asked = request.args.get("prompt", "")
    if asked:
        prompt = queries.prompt(membership, asked)
        letter = queries.letters([prompt.letter_id])[prompt.letter_id]
        form.prompt.data, form.what.data = prompt.public_id, letter.title
        form.bill.data = str(letter.bill_id or "")
        form.happened_on.data = (letter.delivered_at or clock.now()).date()
    return _form_page(membership, form, None)


@bp.post("/entries/new")
@access.needs(KEEP)
@csrf.session
def create() -> Response | BaseResponse:
    """Enter time and cost."""
    actor = access.current_actor()
    membership = queries.own_organization(actor)
    form = EntryForm.of_request()
    form.offer_bills(queries.bill_choices(membership.coalition_id))
    if not form.validate():
        return _form_page(membership, form, None, 422)
    try:
        row = recording.enter(actor, form.entry(), prompt_id=form.prompt.data or "")
    except RuleBroken as error:
        form.refuse(error)
        return _form_page(membership, form, None, 422)
    return respond.see_other(url_for("lobbying.index", year=row.happened_on.year), "entry-saved")


@bp.get("/entries/<token:public_id>")
@access.needs(KEEP)
def show(public_id: str) -> Response:
    """One entry, with the ways to mend it."""
    membership = queries.own_organization(access.current_actor())
    return _entry_page(membership, public_id, None)


@bp.post("/entries/<token:public_id>")
@access.needs(KEEP)
@csrf.session
def change(public_id: str) -> Response | BaseResponse:
    """Mend an entry of an open quarter."""
    actor = access.current_actor()
    membership = queries.own_organization(actor)
    form = EntryForm.of_request()
    form.offer_bills(queries.bill_choices(membership.coalition_id))
    if not form.validate():
        return _entry_page(membership, public_id, form, 422)
    try:
        recording.change(actor, public_id, form.entry(), version=form.version.data)
    except RuleBroken as error:
        form.refuse(error)
        return _entry_page(membership, public_id, form, 422)
    return respond.see_other(url_for("lobbying.show", public_id=public_id), "entry-saved")


@bp.post("/entries/<token:public_id>/reverse")
@access.needs(KEEP)
@csrf.session
def reverse(public_id: str) -> Response | BaseResponse:
    """Take an entry back."""
    actor = access.current_actor()
    form = ReasonForm.of_request()
    if not form.validate():
        return _entry_page(queries.own_organization(actor), public_id, None, 422, reason=form)
    row = recording.reverse(actor, public_id, form.reason.data or "")
    return respond.see_other(url_for("lobbying.index", year=row.happened_on.year), "entry-reversed")


@bp.post("/periods/<token:public_id>/<any(closing, open, closed, filed):state>")
@access.needs(KEEP)
@csrf.session
def move(public_id: str, state: str) -> BaseResponse:
    """Take a quarter a step further."""
    period = recording.move_period(access.current_actor(), public_id, state)
    return respond.see_other(url_for("lobbying.index", year=period.year), "period-moved")


@bp.post("/spending")
@access.needs(KEEP)
@csrf.session
def spending() -> Response | BaseResponse:
    """Note the year's spending."""
    actor = access.current_actor()
    form = SpendingForm.of_request()
    if not form.validate():
        return _ledger_page(queries.own_organization(actor), _year(), 422, spending_form=form)
    recording.set_spending(actor, form.year.data, form.spending.minor)
    return respond.see_other(url_for("lobbying.index", year=form.year.data), "spending-saved")


@bp.post("/prompts/<token:public_id>/dismiss")
@access.needs(KEEP)
@csrf.session
def dismiss(public_id: str) -> Response | BaseResponse:
    """There is nothing to enter for a letter."""
    actor = access.current_actor()
    membership = queries.own_organization(actor)
    queries.prompt(membership, public_id)
    form = ReasonForm.of_request()
    if not form.validate():
        return _ledger_page(membership, _year(), 422, reason_form=form)
    recording.dismiss(actor, public_id, form.reason.data or "")
    return respond.see_other(url_for("lobbying.index"), "prompt-dismissed")


@bp.post("/export.csv")
@access.needs(KEEP)
@csrf.session
def export() -> Response:
    """A year's ledger as CSV; noted in the record before the first byte leaves."""
    actor = access.current_actor()
    year = request.form.get("year", type=int) or clock.now().year
    limits.require_export(actor)
    return respond.csv(recording.export(actor, year), f"lobbying-{year}.csv")


def _ledger_page(
    membership: Membership,
    year: int,
    status: int = 200,
    *,
    spending_form: SpendingForm | None = None,
    reason_form: ReasonForm | None = None,
) -> Response:
    page = queries.entries(membership, year, request.args.get("before", type=int))
    standing = queries.standing(membership, year)
    if spending_form is None:
        known = f"{standing.spending_minor / rules.CENTS:.2f}" if standing.spending_minor is not None else ""
        spending_form = SpendingForm(None, year=year, spending=known)
    return respond.page(
        "outreach/ledger.html",
        status,
        organization=membership,
        has_limits=rules.has_limits(membership),
        year=year,
        standing=standing,
        periods=[found for found in queries.periods(membership) if found.year == year],
        steps=rules.PERIOD_STEPS,
        close_by=rules.close_by,
        page=page,
        bills=queries.bills([row.bill_id for row in page.rows]),
        reversed_ids=queries.reversed_ids([row.id for row in page.rows]),
        prompts=queries.prompts(membership),
        kind_words=LOBBYING_WORDS,
        spending_form=spending_form,
        reason_form=reason_form,
        money=rules.money,
        hours=rules.hours,
    )


def _entry_page(
    membership: Membership,
    public_id: str,
    form: EntryForm | None,
    status: int = 200,
    *,
    reason: ReasonForm | None = None,
) -> Response:
    row = queries.entry(membership, public_id)
    if form is None:
        cost = f"{row.cost_minor / rules.CENTS:.2f}" if row.cost_minor else ""
        form = EntryForm(None, obj=row, bill=str(row.bill_id or ""), cost=cost)
    return _form_page(membership, form, row, status, reason=reason)


def _form_page(
    membership: Membership,
    form: EntryForm,
    row: LobbyingEntry | None,
    status: int = 200,
    *,
    reason: ReasonForm | None = None,
) -> Response:
    form.offer_bills(queries.bill_choices(membership.coalition_id))
    period = queries.periods_by_id(membership).get(row.period_id) if row is not None else None
    is_reversed = row is not None and bool(queries.reversed_ids([row.id]))
    return respond.page(
        "outreach/entry.html",
        status,
        form=form,
        organization=membership,
        entry=row,
        period=period,
        is_reversed=is_reversed,
        can_change=row is None
        or (period is not None and period.state in rules.TAKES_ENTRIES and not is_reversed and not row.reverses_id),
        bill=queries.bills([row.bill_id]).get(row.bill_id or 0) if row is not None else None,
        kind_words=LOBBYING_WORDS,
        reason_form=reason or ReasonForm(),
        money=rules.money,
        hours=rules.hours,
    )


def _year() -> int:
    wanted = request.values.get("year", type=int) or clock.now().year
    if not recording.EARLIEST <= wanted <= recording.EARLIEST + 200:
        raise NotFound
    return wanted
