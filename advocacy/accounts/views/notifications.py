"""How an account wishes to be written to."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from advocacy.accounts import queries
from advocacy.core import clock
from advocacy.messaging import preferences
from advocacy.messaging.preference_fields import PreferenceFields
from advocacy.messaging.preference_models import PersonKind
from advocacy.messaging.services import numbering, suppressing
from advocacy.web import access, csrf, respond

bp = Blueprint("notifications", __name__)


@bp.get("/account/notifications")
@access.signed_in
def show() -> Response:
    """Show quiet hours, pauses and the like."""
    return _page()


@bp.post("/account/notifications")
@access.signed_in
@csrf.session
def change() -> BaseResponse:
    """Keep what was chosen."""
    actor = access.current_actor()
    user_id = actor.user_id or 0
    before = preferences.one(PersonKind.ACCOUNT, user_id, default_tz="")
    form = PreferenceFields(request.form)
    form.offer(before, clock.now(), no_zone=_("That of my coalition"))

    def act() -> BaseResponse:
        address = suppressing.address_key(queries.profile(user_id).email)
        preferences.choose(actor, PersonKind.ACCOUNT, user_id, form.chosen(before), address_key=address)
        if form.weeks is not None:
            preferences.pause(actor, PersonKind.ACCOUNT, user_id, form.weeks)
        return respond.see_other("/account/notifications", done="saved")

    return form.carry_out(act) or _page(form)


def _page(form: PreferenceFields | None = None) -> Response:
    now = clock.now()
    chosen = preferences.one(PersonKind.ACCOUNT, access.current_actor().user_id or 0, default_tz="")
    if form is None:
        form = PreferenceFields(None, **PreferenceFields.shown(chosen))
        form.offer(chosen, now, no_zone=_("That of my coalition"))
        status = 200
    else:
        status = 422
    return respond.page(
        "accounts/notifications.html",
        status,
        form=form,
        has_texts=numbering.is_on(),
        paused_tz=chosen.tz or "UTC",
        paused_until=chosen.paused_until if chosen.is_paused(now) else None,
    )
