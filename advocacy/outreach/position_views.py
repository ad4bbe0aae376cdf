"""Where people in office stand, and what they promised, at the desk."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.campaigns.queries import campaigns
from advocacy.coalitions import rules as coalition_rules
from advocacy.core.errors import NotFound
from advocacy.legislators import queries as legislators
from advocacy.outreach import lawmaker_queries as lawmakers
from advocacy.outreach import position_queries as positions
from advocacy.outreach import queries, words
from advocacy.outreach.forms import VersionForm
from advocacy.outreach.lawmaker_views import crumbs, form_page
from advocacy.outreach.position_forms import CommitmentForm, PositionForm, SettleForm
from advocacy.outreach.position_models import Commitment, LawmakerPosition, PromiseState
from advocacy.outreach.services import positioning, promising
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("positions", __name__, url_prefix="/desk/relationships/<key>")
promises_bp = Blueprint("commitments", __name__, url_prefix="/desk/commitments")
VIEW, MANAGE = positions.VIEW, positions.MANAGE
notices.register("position-noted", _l("Noted where they stand. What was there before stays in the history."))
notices.register("commitment-saved", _l("The promise is kept here."))
notices.register("commitment-settled", _l("Noted what became of the promise."))


@bp.route("/positions/new", methods=["GET", "POST"])
@access.needs(MANAGE)
@csrf.session
def note(key: str) -> BaseResponse:
    """Note where somebody stands, or correct an entry."""
    actor = access.current_actor()
    found = lawmakers.lawmaker(actor, key, MANAGE)
    coalition_id = lawmakers.in_view(actor)
    replaced = _replaced(coalition_id, key)
    form = PositionForm.of_request(
        obj=replaced, bill=request.args.get("bill", ""), seen_on=campaigns.today(coalition_id)
    )
    bills = queries.bill_choices(coalition_id)
    if request.method == "GET":
        form.replaces.data = replaced.id if replaced is not None else None
        if replaced is not None:
            form.bill.data = next((bill.public_id for bill in bills if bill.id == replaced.bill_id), "")
    form.offer(bills)

    def act() -> BaseResponse:
        positioning.note_position(actor, key, form.bill.data, form.evidence, replaces=form.replaces.data)
        return respond.see_other(url_for("relationships.show", key=key), "position-noted")

    return form.carry_out(act) or form_page(
        form,
        title=_("Correct an entry") if form.replaces.data else _("Note where they stand"),
        crumbs=crumbs(found),
        lead=_("Each entry stays in the history. The newest evidence is what counts now."),
        hints={
            "confidence": _("On the record: anybody can look it up. Our reading: nobody said it, we think so."),
            "quote": _("Their words, or what makes you think so. Plain facts that could be read aloud."),
            "seen_on": _("When it was said or done, not when you note it."),
        },
    )


@bp.route("/commitments/new", methods=["GET", "POST"])
@access.needs(MANAGE)
@csrf.session
def promise(key: str) -> BaseResponse:
    """Keep a promise."""
    actor = access.current_actor()
    found = lawmakers.lawmaker(actor, key, MANAGE)
    coalition_id = lawmakers.in_view(actor)
    form = CommitmentForm.of_request(promised_on=campaigns.today(coalition_id), bill=request.args.get("bill", ""))
    form.offer(queries.bill_choices(coalition_id))

    def act() -> BaseResponse:
        row = promising.note_commitment(actor, key, form.promised)
        return respond.see_other(url_for("commitments.show", public_id=row.public_id), "commitment-saved")

    return form.carry_out(act) or form_page(
        form, title=_("Note a promise"), crumbs=crumbs(found), hints={"due_on": _DUE_HINT}
    )


_DUE_HINT = _l("Whoever holds the contact is reminded a week before and the day before.")


@promises_bp.get("")
@access.needs(VIEW)
def index() -> Response:
    """What was promised: open, or in another state."""
    actor = access.current_actor()
    state = request.args.get("state", PromiseState.OPEN)
    state = state if state in set(PromiseState) else PromiseState.OPEN
    page = positions.commitments(actor, state=state, after=request.args.get("after", type=int))
    return respond.page(
        "outreach/commitments.html",
        page=page,
        state=state,
        today=campaigns.today(lawmakers.in_view(actor)),
        states=words.PROMISE_STATES,
        kinds=words.PROMISES,
        bills=queries.bills([row.bill_id for row in page.rows]),
        lawmakers=legislators.names(actor, [row.legislator_key for row in page.rows]),
    )


@promises_bp.get("/<token:public_id>")
@access.needs(VIEW)
def show(public_id: str) -> Response:
    """One promise."""
    actor = access.current_actor()
    row = positions.commitment(actor, public_id)
    return respond.page(
        "outreach/commitment.html",
        promise=row,
        bill=queries.bills([row.bill_id]).get(row.bill_id or 0),
        lawmaker=legislators.names(actor, [row.legislator_key]).get(row.legislator_key, ""),
        today=campaigns.today(row.coalition_id),
        states=words.PROMISE_STATES,
        kinds=words.PROMISES,
        may_manage=coalition_rules.can(actor, MANAGE),
    )


@promises_bp.route("/<token:public_id>/edit", methods=["GET", "POST"])
@access.needs(MANAGE)
@csrf.session
def edit(public_id: str) -> BaseResponse:
    """Mend what was promised."""
    actor = access.current_actor()
    row = positions.commitment(actor, public_id, MANAGE)
    bills = queries.bill_choices(row.coalition_id)
    known = {bill.id: bill.public_id for bill in bills} | {
        bill.id: bill.public_id for bill in queries.bills([row.bill_id]).values()
    }
    form = CommitmentForm.of_request(obj=row, bill=known.get(row.bill_id or 0, ""))
    form.offer(bills)

    def act() -> BaseResponse:
        promising.change_commitment(actor, public_id, form.promised, version=form.version.data)
        return respond.see_other(url_for("commitments.show", public_id=public_id), "commitment-saved")

    return form.carry_out(act) or form_page(
        form, title=_("Change the promise"), crumbs=_crumbs(row), hints={"due_on": _DUE_HINT}
    )


@promises_bp.route("/<token:public_id>/settle", methods=["GET", "POST"])
@access.needs(MANAGE)
@csrf.session
def settle(public_id: str) -> BaseResponse:
    """Say what became of it."""
    actor = access.current_actor()
    row = positions.commitment(actor, public_id, MANAGE)
    form = SettleForm.of_request(settled_on=campaigns.today(row.coalition_id), version=row.version)

    def act() -> BaseResponse:
        promising.settle_commitment(
            actor,
            public_id,
            state=form.state.data,
            settled_on=form.settled_on.data,
            outcome=form.outcome.data or "",
            version=form.version.data,
        )
        return respond.see_other(url_for("commitments.show", public_id=public_id), "commitment-settled")

    return form.carry_out(act) or form_page(form, title=_("What became of it"), crumbs=_crumbs(row), lead=row.what)


@promises_bp.post("/<token:public_id>/reopen")
@access.needs(MANAGE)
@csrf.session
def reopen(public_id: str) -> BaseResponse:
    """Take back what was said of it."""
    form = VersionForm.of_request()
    promising.reopen_commitment(access.current_actor(), public_id, version=form.version.data)
    return respond.see_other(url_for("commitments.show", public_id=public_id), "commitment-saved")


def _replaced(coalition_id: int, key: str) -> LawmakerPosition | None:
    """The entry that an address asks to correct.

    Raises: NotFound.
    """
    asked = request.args.get("replaces")
    if asked is None or request.method != "GET":
        return None
    found = positions.position(coalition_id, key, int(asked)) if asked.isdecimal() and len(asked) < _DIGITS else None
    if found is None:
        raise NotFound
    return found


_DIGITS = 18


def _crumbs(row: Commitment) -> list[tuple[str, str]]:
    return [
        (_("Promises"), url_for("commitments.index")),
        (row.what[:60], url_for("commitments.show", public_id=row.public_id)),
    ]
