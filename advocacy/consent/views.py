"""Pages behind the links of mails that somebody agreed to; no sign-in, no cookie."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.consent import choosing
from advocacy.consent.forms import PreferencesForm
from advocacy.core import clock
from advocacy.web import access, csrf, limits, notices, respond

bp = Blueprint("consent", __name__)
notices.register("choices-kept", _l("Your choices are saved. They hold from now on, also for mails that wait."))
notices.register("all-stopped", _l("All such mails are stopped. You only get what you need for something you did."))


@bp.get("/unsubscribe/<token:token>")
@access.link
def ask_to_stop(token: str) -> Response:
    """Show one button; mail scanners that follow links change nothing."""
    leave, coalition = choosing.link_of_mail(token)
    return respond.page(
        "consent/unsubscribe.html", token=token, coalition=coalition, words=choosing.words_of(leave), is_done=False
    )


@bp.post("/unsubscribe/<token:token>")
@access.link
@csrf.capability
def stop(token: str) -> Response:
    """Stop such mails: mail programs post here by themselves (RFC 8058), so the answer is the end of it."""
    leave, coalition = choosing.link_of_mail(token)
    choosing.unsubscribe(token)
    return respond.page(
        "consent/unsubscribe.html", token=token, coalition=coalition, words=choosing.words_of(leave), is_done=True
    )


@bp.get("/preferences/<token:token>")
@access.link
def preferences(token: str) -> Response:
    """Show what can be chosen."""
    return _page(token, choosing.chooser(token))


@bp.post("/preferences/<token:token>")
@access.link
@csrf.capability
def choose(token: str) -> Response | BaseResponse:
    """Keep what was chosen, or stop everything."""
    limits.require("manage_network", limits.client_network(request))
    found = choosing.chooser(token)
    page = f"/preferences/{token}"
    if request.form.get("action") == "stop":
        choosing.stop_all(found)
        return respond.see_other(page, done="all-stopped")
    form = _form(found, is_posted=True)

    def act() -> BaseResponse:
        choosing.choose(
            found,
            wanted=form.purposes.data or [],
            chosen=form.chosen(found.preference),
            weeks=form.weeks,
            locale=form.locale.data,
        )
        return respond.see_other(page, done="choices-kept")

    return form.carry_out(act) or _page(token, choosing.chooser(token), form)


def _form(found: choosing.Chooser, *, is_posted: bool = False) -> PreferencesForm:
    form = PreferencesForm(
        request.form if is_posted else None,
        **PreferencesForm.shown(found.preference),
        locale=found.person.locale,
        purposes=[choice.key for choice in found.choices if choice.is_given],
    )
    form.offer(found.preference, clock.now())
    form.offer_purposes(found.choices)
    return form


def _page(token: str, found: choosing.Chooser, form: PreferencesForm | None = None) -> Response:
    return respond.page(
        "consent/preferences.html",
        200 if form is None else 422,
        token=token,
        found=found,
        form=form or _form(found),
        paused_tz=found.preference.tz,
        paused_until=found.preference.paused_until if found.preference.is_paused(clock.now()) else None,
    )
