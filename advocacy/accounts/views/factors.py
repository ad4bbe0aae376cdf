"""Second factors: an app's codes, passkeys, codes on paper. Open to accounts that lack the one they must have."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from werkzeug.wrappers import Response as BaseResponse

from advocacy.accounts import factor_queries, queries
from advocacy.accounts.forms import CodeForm, PasskeyForm
from advocacy.accounts.services import enrolling, passkeys, totp
from advocacy.accounts.services.enrolling import Changed
from advocacy.accounts.views.browsers import agent
from advocacy.core import tokens
from advocacy.core.errors import NotFound
from advocacy.web import access, csrf, qr, respond
from advocacy.web import session as cookies
from advocacy.web.manifest import house

bp = Blueprint("factors", __name__)
PAGE = access.ENROLMENT


@bp.get("/account/security")
@access.enrolling
def security() -> Response:
    """Show the second steps of one's own sign-in."""
    return _page(PasskeyForm())


@bp.post("/account/security/totp")
@access.enrolling
@access.fresh
@csrf.session
def begin_totp() -> BaseResponse:
    """Make a key for an app and show it on the next page."""
    totp.begin(access.current_actor())
    return respond.see_other("/account/security/totp")


@bp.get("/account/security/totp")
@access.enrolling
@access.fresh
def totp_page() -> Response:
    """Show the key as a picture and as text, and ask for a first code."""
    return _totp_page(CodeForm())


@bp.post("/account/security/totp/confirm")
@access.enrolling
@access.fresh
@csrf.session
def confirm_totp() -> BaseResponse:
    """Take the key into use."""
    form = CodeForm.of_request()

    def act() -> BaseResponse:
        return _changed(enrolling.confirm_totp(access.current_actor(), form.code.data, agent()), "factor-added")

    return form.carry_out(act) or _totp_page(form, 422)


@bp.post("/account/security/totp/remove")
@access.enrolling
@access.fresh
@csrf.session
def remove_totp() -> BaseResponse:
    """Drop the app's codes."""
    return _changed(enrolling.remove_totp(access.current_actor(), agent()), "factor-removed")


@bp.post("/account/security/passkeys/options")
@access.enrolling
@access.fresh
@csrf.session
def passkey_options() -> Response:
    """Say what the browser needs to make a passkey."""
    return jsonify(passkeys.enrolment_options(access.current_actor(), _bound()))


@bp.post("/account/security/passkeys")
@access.enrolling
@access.fresh
@csrf.session
def add_passkey() -> BaseResponse:
    """Keep a new passkey."""
    form, actor = PasskeyForm.of_request(), access.current_actor()

    def act() -> BaseResponse:
        credential, name = form.credential.data or "", form.name.data
        changed = enrolling.add_passkey(actor, credential, bound_to=_bound(), name=name, agent=agent())
        return _changed(changed, "factor-added")

    return form.carry_out(act) or _page(form, 422)


@bp.post("/account/security/passkeys/<token:public_id>/remove")
@access.enrolling
@access.fresh
@csrf.session
def remove_passkey(public_id: str) -> BaseResponse:
    """Drop a passkey."""
    return _changed(enrolling.remove_passkey(access.current_actor(), public_id, agent()), "factor-removed")


@bp.post("/account/security/codes")
@access.enrolling
@access.fresh
@csrf.session
def renew_codes() -> Response:
    """Make new recovery codes and show them, this once."""
    return _codes_page(enrolling.renew_codes(access.current_actor()))


def _bound() -> bytes:
    return tokens.token_hash(cookies.cookie_token() or "")


def _changed(changed: Changed, done: str) -> BaseResponse:
    """Go on with the new session; new codes stand in this one answer, because they are stored nowhere."""
    response = _codes_page(changed.codes) if changed.codes else respond.see_other(PAGE, done=done)
    cookies.set_cookie(response, changed.token)
    return response


def _own_id() -> int:
    user_id = access.current_actor().user_id
    if user_id is None:
        raise NotFound
    return user_id


def _page(form: PasskeyForm, status: int = 200) -> Response:
    user_id = _own_id()
    standing = house().standing(user_id)
    return respond.page(
        "accounts/security.html",
        status,
        form=form,
        factors=factor_queries.factors_of(user_id),
        must_have_factor=standing.must_have_factor,
        home=standing.home,
    )


def _totp_page(form: CodeForm, status: int = 200) -> Response:
    actor = access.current_actor()
    key = totp.pending_secret(actor)
    return respond.page(
        "accounts/totp.html",
        status,
        form=form,
        key=" ".join(key[start : start + 4] for start in range(0, len(key), 4)),
        picture=qr.picture(totp.provisioning_uri(actor)),
        email=queries.contact(_own_id())[1],
    )


def _codes_page(codes: list[str]) -> Response:
    home = house().standing(_own_id()).home
    return respond.page("accounts/codes.html", codes=codes, home=home)
