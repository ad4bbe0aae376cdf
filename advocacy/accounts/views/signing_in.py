"""Sign-in in one step or two, proof of identity before sensitive acts, and the way out."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from advocacy.accounts import factor_queries, queries
from advocacy.accounts.factor_models import Ceremony
from advocacy.accounts.forms import AgainForm, CodeForm, PasskeyForm, SignInForm
from advocacy.accounts.services import confirming, passkeys, second_step, sessions, signing_in
from advocacy.accounts.services.signing_in import SecondStep
from advocacy.accounts.views.browsers import browser, enter
from advocacy.core import tokens
from advocacy.core.errors import Gone, RuleBroken
from advocacy.web import access, csrf, limits, respond
from advocacy.web import session as cookies

bp = Blueprint("sign_in", __name__)


@bp.get("/sign-in")
@access.public
def sign_in_page() -> Response:
    """Show the form."""
    return _first_page(SignInForm(next=request.args.get("next", "")))


@bp.post("/sign-in")
@access.public
@csrf.same_site
def sign_in() -> BaseResponse:
    """Sign in or go on to the second step; or say that address and password do not belong together."""
    form = SignInForm.of_request()

    def act() -> BaseResponse:
        found = signing_in.sign_in(email=form.email.data, password=form.password.data, browser=browser())
        if not isinstance(found, SecondStep):
            return enter(found, form.next.data)
        target = respond.own_path(form.next.data, "")
        response = respond.see_other(f"/sign-in/code?next={quote(target)}" if target else "/sign-in/code")
        cookies.set_step_cookie(response, found.pending_token)
        return response

    return form.carry_out(act) or _first_page(form, 422)


@bp.post("/sign-in/passkey/options")
@access.public
@csrf.same_site
def passkey_options() -> Response:
    """Ask for any passkey of this site; the answer counts only from this browser."""
    limits.require("passkey_network", limits.client_network(request))
    token = tokens.new_token()
    response = jsonify(passkeys.question(tokens.token_hash(token), Ceremony.SIGN_IN, None))
    cookies.set_step_cookie(response, token)
    return response


@bp.post("/sign-in/passkey")
@access.public
@csrf.same_site
def sign_in_with_passkey() -> BaseResponse:
    """Sign in by a passkey alone."""
    form = PasskeyForm.of_request()
    try:
        found = second_step.sign_in_with_passkey(cookies.step_token(), form.credential.data or "", browser())
    except RuleBroken as error:
        first = SignInForm(next=form.next.data)
        first.refuse(error)
        return _first_page(first, 422)
    return enter(found, form.next.data)


@bp.get("/sign-in/code")
@access.public
def code_page() -> BaseResponse:
    """Ask for the second step."""
    try:
        second_step.require_pending(cookies.step_token())
    except Gone:
        return respond.see_other("/sign-in")
    return _code_page(CodeForm(next=request.args.get("next", "")))


@bp.post("/sign-in/code")
@access.public
@csrf.same_site
def enter_code() -> BaseResponse:
    """Finish the sign-in with a code of the app or from paper."""
    form = CodeForm.of_request()
    second_step.require_pending(cookies.step_token())

    def act() -> BaseResponse:
        return enter(second_step.enter_code(cookies.step_token(), form.code.data, browser()), form.next.data)

    return form.carry_out(act) or _code_page(form, 422)


@bp.post("/sign-in/code/passkey/options")
@access.public
@csrf.same_site
def code_passkey_options() -> Response:
    """Ask for a passkey of the account whose password was given."""
    token = cookies.step_token()
    pending = second_step.require_pending(token)
    limits.require("passkey_network", limits.client_network(request))
    return jsonify(passkeys.question(tokens.token_hash(token or ""), Ceremony.SIGN_IN, pending.user_id))


@bp.post("/sign-in/code/passkey")
@access.public
@csrf.same_site
def enter_passkey() -> BaseResponse:
    """Finish the sign-in with a passkey."""
    form = PasskeyForm.of_request()
    try:
        found = second_step.enter_passkey(cookies.step_token(), form.credential.data or "", browser())
    except RuleBroken as error:
        code = CodeForm(next=form.next.data)
        code.refuse(error)
        return _code_page(code, 422)
    return enter(found, form.next.data)


@bp.get("/sign-in/again")
@access.enrolling
def again_page() -> Response:
    """Ask a signed-in person to prove who they are."""
    return _again_page(AgainForm(next=request.args.get("next", "")))


@bp.post("/sign-in/again")
@access.enrolling
@csrf.session
def again() -> BaseResponse:
    """Prove it by the password."""
    form, actor = AgainForm.of_request(), access.current_actor()

    def act() -> BaseResponse:
        token = confirming.confirm_by_password(actor, form.password.data, cookies.cookie_token())
        return _proved(token, form.next.data)

    return form.carry_out(act) or _again_page(form, 422)


@bp.post("/sign-in/again/passkey/options")
@access.enrolling
@csrf.session
def again_passkey_options() -> Response:
    """Ask for a passkey of the signed-in account."""
    bound_to = tokens.token_hash(cookies.cookie_token() or "")
    return jsonify(passkeys.question(bound_to, Ceremony.AGAIN, access.current_actor().user_id))


@bp.post("/sign-in/again/passkey")
@access.enrolling
@csrf.session
def again_with_passkey() -> BaseResponse:
    """Prove it by a passkey."""
    form = PasskeyForm.of_request()
    actor = access.current_actor()
    try:
        token = confirming.confirm_by_passkey(actor, form.credential.data or "", cookies.cookie_token())
    except RuleBroken as error:
        asked = AgainForm(next=form.next.data)
        asked.refuse(error)
        return _again_page(asked, 422)
    return _proved(token, form.next.data)


@bp.post("/sign-out")
@access.enrolling
@csrf.session
def sign_out() -> BaseResponse:
    """End this session."""
    sessions.end_session(cookies.cookie_token())
    response = respond.see_other("/", done="signed-out")
    cookies.clear_cookie(response)
    return response


def _proved(token: str, target: str | None) -> BaseResponse:
    response = respond.see_other(respond.own_path(target, "/account"), done="confirmed")
    cookies.set_cookie(response, token)
    return response


def _first_page(form: SignInForm, status: int = 200) -> Response:
    return respond.page("accounts/sign_in.html", status, form=form)


def _code_page(form: CodeForm, status: int = 200) -> Response:
    pending = factor_queries.pending_of(cookies.step_token())
    if pending is None:
        raise Gone(_("This sign-in was finished already, or took too long. Please sign in again."))
    return respond.page(
        "accounts/code.html",
        status,
        form=form,
        has_totp=factor_queries.has_totp(pending.user_id),
        has_passkey=bool(factor_queries.passkeys_of(pending.user_id)),
    )


def _again_page(form: AgainForm, status: int = 200) -> Response:
    user_id = current_user.signed_in.user_id
    return respond.page(
        "accounts/again.html",
        status,
        form=form,
        email=queries.contact(user_id)[1],
        has_passkey=bool(factor_queries.passkeys_of(user_id)),
    )
