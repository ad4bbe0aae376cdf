"""One's own account: profile, address, password, and where it is signed in."""

from __future__ import annotations

import json

from flask import Blueprint, Response
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from advocacy.accounts import queries
from advocacy.accounts.forms import EmailForm, PasswordForm, ProfileForm
from advocacy.accounts.services import changing, personal, sessions
from advocacy.accounts.views.browsers import agent
from advocacy.web import access, csrf, limits, respond
from advocacy.web import session as cookies

bp = Blueprint("accounts", __name__)


@bp.get("/account")
@access.signed_in
def account() -> Response:
    """Show one's own account and where it is signed in."""
    return _page()


@bp.post("/account/profile")
@access.signed_in
@csrf.session
def change_profile() -> BaseResponse:
    """Change name and language."""
    form = ProfileForm.of_request()

    def act() -> BaseResponse:
        changing.change_profile(access.current_actor(), name=form.name.data, locale=form.locale.data)
        return respond.see_other("/account", done="saved")

    return form.carry_out(act) or _page(422, profile=form)


@bp.post("/account/data.json")
@access.signed_in
@access.fresh
@csrf.session
def my_data() -> Response:
    """Give people what every room holds of them."""
    actor = access.current_actor()
    limits.require_export(actor)
    answer = Response(json.dumps(personal.everything(actor), indent=2, ensure_ascii=False), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/account/email")
@access.signed_in
@access.fresh
@csrf.session
def change_email() -> BaseResponse:
    """Send a link to the new address; nothing changes before it is opened."""
    form = EmailForm.of_request()

    def act() -> BaseResponse:
        changing.ask_email_change(access.current_actor(), form.email.data)
        return respond.see_other("/account", done="email-asked")

    return form.carry_out(act) or _page(422, email=form)


@bp.post("/account/email/verify")
@access.signed_in
@csrf.session
def verify_email() -> BaseResponse:
    """Send a link that proves the present address."""
    changing.ask_verification(access.current_actor())
    return respond.see_other("/account", done="verification-sent")


@bp.post("/account/password")
@access.signed_in
@csrf.session
def change_password() -> BaseResponse:
    """Change the password: every other session ends, this one begins anew."""
    form, actor = PasswordForm.of_request(), access.current_actor()

    def act() -> BaseResponse:
        current, password = form.current.data, form.password.data
        token = changing.change_password(actor, current=current, password=password, agent=agent())
        response = respond.see_other("/account", done="password-changed")
        cookies.set_cookie(response, token)
        return response

    return form.carry_out(act) or _page(422, password=form)


@bp.post("/account/sessions/<token:public_id>/end")
@access.signed_in
@csrf.session
def end_session(public_id: str) -> BaseResponse:
    """End one of one's own sessions."""
    sessions.end_own_session(access.current_actor(), public_id)
    return respond.see_other("/account", done="session-ended")


@bp.post("/account/sessions/end")
@access.enrolling
@csrf.session
def end_all_sessions() -> BaseResponse:
    """Sign out everywhere, here too."""
    sessions.end_sessions(current_user.signed_in.user_id)
    response = respond.see_other("/", done="signed-out")
    cookies.clear_cookie(response)
    return response


def _page(
    status: int = 200,
    *,
    profile: ProfileForm | None = None,
    email: EmailForm | None = None,
    password: PasswordForm | None = None,
) -> Response:
    me = current_user.signed_in
    shown = queries.profile(me.user_id)
    return respond.page(
        "accounts/account.html",
        status,
        me=shown,
        profile_form=profile or ProfileForm(name=shown.name, locale=shown.locale),
        email_form=email or EmailForm(),
        password_form=password or PasswordForm(),
        wrong_form=profile or email or password,
        sessions=queries.sessions_of(me.user_id),
        this_session=me.public_id,
    )
