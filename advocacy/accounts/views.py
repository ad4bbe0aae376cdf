"""Pages of signing in and of one's own account."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from advocacy.accounts import queries
from advocacy.accounts.forms import PasswordForm, SetUpForm, SignInForm
from advocacy.accounts.services import changing, sessions, setting_up, signing_in
from advocacy.core.errors import RuleBroken
from advocacy.web import access, csrf, limits, respond
from advocacy.web import session as cookies

bp = Blueprint("accounts", __name__)
HOME = "/desk"


@bp.get("/sign-in")
@access.public
def sign_in_page() -> Response:
    """Show the form."""
    return respond.page("accounts/sign_in.html", form=SignInForm(next=request.args.get("next", "")))


@bp.post("/sign-in")
@access.public
@csrf.same_site
def sign_in() -> BaseResponse:
    """Sign in, or say that address and password do not belong together."""
    form = SignInForm.of_request()
    if not form.validate():
        return respond.page("accounts/sign_in.html", 422, form=form)
    try:
        found = signing_in.sign_in(
            email=form.email.data or "",
            password=form.password.data or "",
            network=limits.client_network(request),
            old_token=cookies.cookie_token(),
            device_token=cookies.device_token(),
        )
    except RuleBroken as error:
        form.refuse(error)
        return respond.page("accounts/sign_in.html", 422, form=form)
    response = respond.see_other(respond.own_path(form.next.data, HOME))
    cookies.set_cookie(response, found.token)
    if found.device_token is not None:
        cookies.set_device_cookie(response, found.device_token)
    return response


@bp.post("/sign-out")
@access.signed_in
@csrf.session
def sign_out() -> BaseResponse:
    """End this session."""
    sessions.end_session(cookies.cookie_token())
    response = respond.see_other("/", done="signed-out")
    cookies.clear_cookie(response)
    return response


@bp.get("/account")
@access.signed_in
def account() -> Response:
    """Show one's own account and where it is signed in."""
    return _account_page(PasswordForm())


@bp.post("/account/password")
@access.signed_in
@csrf.session
def change_password() -> BaseResponse:
    """Change the password: every other session ends, this one begins anew."""
    form = PasswordForm.of_request()
    if not form.validate():
        return _account_page(form, 422)
    actor = access.current_actor()
    try:
        token = changing.change_password(actor, current=form.current.data or "", password=form.password.data or "")
    except RuleBroken as error:
        form.refuse(error)
        return _account_page(form, 422)
    response = respond.see_other("/account", done="password-changed")
    cookies.set_cookie(response, token)
    return response


@bp.post("/account/sessions/<token:public_id>/end")
@access.signed_in
@csrf.session
def end_session(public_id: str) -> BaseResponse:
    """End one of one's own sessions."""
    sessions.end_own_session(access.current_actor(), public_id)
    return respond.see_other("/account", done="session-ended")


@bp.post("/account/sessions/end")
@access.signed_in
@csrf.session
def end_all_sessions() -> BaseResponse:
    """Sign out everywhere, here too."""
    sessions.end_sessions(current_user.signed_in.user_id)
    response = respond.see_other("/", done="signed-out")
    cookies.clear_cookie(response)
    return response


@bp.get("/set-up/<token:token>")
@access.link
def set_up_page(token: str) -> Response:
    """Show the form for the first administrator; changes nothing."""
    setting_up.require_link(token)
    return respond.page("accounts/set_up.html", form=SetUpForm())


@bp.post("/set-up/<token:token>")
@access.link
@csrf.capability
def set_up(token: str) -> BaseResponse:
    """Make the first administrator."""
    form = SetUpForm.of_request()
    if not form.validate():
        return respond.page("accounts/set_up.html", 422, form=form)
    try:
        setting_up.set_up_first_admin(
            token, email=form.email.data or "", name=form.name.data or "", password=form.password.data or ""
        )
    except RuleBroken as error:
        form.refuse(error)
        return respond.page("accounts/set_up.html", 422, form=form)
    return respond.see_other("/sign-in", done="set-up")


def _account_page(form: PasswordForm, status: int = 200) -> Response:
    me = current_user.signed_in
    name, email, _locale = queries.contact(me.user_id)
    return respond.page(
        "accounts/account.html",
        status,
        form=form,
        name=name,
        email=email,
        sessions=queries.sessions_of(me.user_id),
        this_session=me.public_id,
    )
