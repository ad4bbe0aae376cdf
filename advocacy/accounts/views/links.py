"""What mailed links do: each page shows, only its button acts. And the form that asks for one."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from advocacy.accounts import linking, queries
from advocacy.accounts.forms import NewPasswordForm, RecoverForm, SetUpForm
from advocacy.accounts.models import LinkPurpose
from advocacy.accounts.services import changing, links, recovering, setting_up
from advocacy.web import access, csrf, limits, respond

bp = Blueprint("account_links", __name__)


@bp.get("/sign-in/recover")
@access.public
def ask_page() -> Response:
    """Show the form that asks for a new password."""
    return respond.page("accounts/recover.html", form=RecoverForm())


@bp.post("/sign-in/recover")
@access.public
@csrf.same_site
def ask() -> BaseResponse:
    """Take the request down; the answer is the same for every address."""
    form = RecoverForm.of_request()
    if not form.validate():
        return respond.page("accounts/recover.html", 422, form=form)
    recovering.ask_recovery(form.email.data, limits.client_network(request))
    return respond.see_other("/sign-in/recover/sent")


@bp.get("/sign-in/recover/sent")
@access.public
def asked_page() -> Response:
    """Say where to look."""
    return respond.page("accounts/recover_sent.html")


@bp.get("/sign-in/recover/<token:token>")
@access.link
def recover_page(token: str) -> Response:
    """Show the form of a new password; changes nothing."""
    return _recover_page(token, NewPasswordForm())


@bp.post("/sign-in/recover/<token:token>")
@access.link
@csrf.capability
def recover(token: str) -> BaseResponse:
    """Set the new password."""
    form = NewPasswordForm.of_request()

    def act() -> BaseResponse:
        recovering.recover(token, form.password.data)
        return respond.see_other("/sign-in", done="password-recovered")

    return form.carry_out(act) or _recover_page(token, form, 422)


def _recover_page(token: str, form: NewPasswordForm, status: int = 200) -> Response:
    _link, user = links.require_link(token, LinkPurpose.RECOVER)
    return respond.page("accounts/new_password.html", status, form=form, email=queries.open_email(user))


@bp.get("/account/email/verify/<token:token>")
@access.link
def verify_page(token: str) -> Response:
    """Show one button."""
    links.require_link(token, LinkPurpose.VERIFY)
    return respond.page("accounts/verify_email.html", token=token)


@bp.post("/account/email/verify/<token:token>")
@access.link
@csrf.capability
def verify(token: str) -> BaseResponse:
    """Take down that the address reaches its owner."""
    changing.verify_email(token)
    return respond.see_other("/sign-in", done="email-verified")


@bp.get("/account/email/change/<token:token>")
@access.link
def change_page(token: str) -> Response:
    """Show one button, and the address it brings."""
    link, _user = links.require_link(token, LinkPurpose.CHANGE)
    return respond.page("accounts/change_email.html", token=token, email=linking.new_email(link))


@bp.post("/account/email/change/<token:token>")
@access.link
@csrf.capability
def change(token: str) -> BaseResponse:
    """Take the new address into use."""
    changing.change_email(token)
    return respond.see_other("/sign-in", done="email-changed")


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

    def act() -> BaseResponse:
        email, name, password = form.email.data, form.name.data, form.password.data
        setting_up.set_up_first_admin(token, email=email, name=name, password=password)
        return respond.see_other("/sign-in", done="set-up")

    return form.carry_out(act) or respond.page("accounts/set_up.html", 422, form=form)
