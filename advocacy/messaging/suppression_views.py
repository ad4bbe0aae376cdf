"""The operators' page about addresses that get no mail. An address is asked for in a form: it stands in no URL."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms.validators import InputRequired, Length

from advocacy.messaging import suppression_queries as queries
from advocacy.messaging.services import suppressing
from advocacy.messaging.suppression_models import Reason
from advocacy.web import access, csrf, notices, respond
from advocacy.web.fields import LineField
from advocacy.web.forms import Form

bp = Blueprint("suppressions", __name__)
notices.register("address-held", _l("No more mail goes there."))
notices.register("address-lifted", _l("Mail may go there again."))
REASONS = {
    Reason.HARD_BOUNCE: _l("Mail came back for good"),
    Reason.COMPLAINT: _l("Marked as unwanted"),
    Reason.UNSUBSCRIBE: _l("Stopped by the person"),
    Reason.BY_HAND: _l("Stopped here"),
}


class AddressForm(Form):
    """The address that is meant."""

    address = LineField(
        _l("E-mail address"),
        [InputRequired(_l("Enter an e-mail address.")), Length(max=254, message=_l("This is too long."))],
    )


class LiftForm(Form):
    """Why mail may go there again."""

    why = LineField(
        _l("Why may mail go there again?"),
        [InputRequired(_l("Please say why.")), Length(max=200, message=_l("Use at most %(max)d characters."))],
    )


@bp.get("/desk/mail/addresses")
@access.needs("ops.view")
def index() -> Response:
    """Show the form."""
    return _page(AddressForm())


@bp.post("/desk/mail/addresses")
@access.needs("ops.view")
@csrf.session
def look_up() -> Response:
    """Show what stands against mail to an address."""
    form = AddressForm.of_request()
    return _page(form) if form.validate() else _page(form, 422)


@bp.post("/desk/mail/addresses/stop")
@access.needs("ops.view")
@csrf.session
def stop() -> BaseResponse:
    """Send nothing more to an address."""
    form = AddressForm.of_request()

    def act() -> BaseResponse:
        suppressing.suppress_by_hand(access.current_actor(), form.address.data or "")
        return respond.see_other("/desk/mail/addresses", done="address-held")

    return form.carry_out(act) or _page(form, 422)


@bp.post("/desk/mail/addresses/<token:public_id>/lift")
@access.needs("ops.view")
@csrf.session
def lift(public_id: str) -> BaseResponse:
    """Let mail go to an address again."""
    form = LiftForm.of_request()
    actor = access.current_actor()
    queries.suppression_in_view(actor, public_id)

    def act() -> BaseResponse:
        suppressing.lift(actor, public_id, form.why.data or "")
        return respond.see_other("/desk/mail/addresses", done="address-lifted")

    return form.carry_out(act) or _page(AddressForm(), 422, lift_form=form)


def _page(form: AddressForm, status: int = 200, *, lift_form: LiftForm | None = None) -> Response:
    actor = access.current_actor()
    is_asked = status == 200 and bool(form.address.data)  # noqa: PLR2004 - HTTP
    return respond.page(
        "messaging/addresses.html",
        status,
        form=form,
        lift_form=lift_form or LiftForm(),
        reasons=REASONS,
        found=queries.suppressions_of(actor, form.address.data or "") if is_asked else [],
        is_asked=is_asked,
        latest=queries.latest(actor),
    )
