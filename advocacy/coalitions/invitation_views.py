"""The page behind an invitation's link: it shows; only its button acts."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.accounts import queries as accounts
from advocacy.coalitions import committee_queries as committees
from advocacy.coalitions import linking, queries
from advocacy.coalitions.forms import JoinForm
from advocacy.coalitions.services import inviting
from advocacy.coalitions.words import INVITED_WORDS
from advocacy.core import uow
from advocacy.core.errors import RuleBroken
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("invitations", __name__)

notices.register("invitation-accepted", _l("Welcome. Please sign in to begin."))


@bp.get("/invitations/<token:token>")
@access.link
def page(token: str) -> Response:
    """Show who invites to what."""
    return _page(token, JoinForm())


@bp.post("/invitations/<token:token>")
@access.link
@csrf.capability
def accept(token: str) -> BaseResponse:
    """Accept: with the account that the address has, or with a new one.

    Nobody is signed in by it, so that a foreign page cannot make a browser act under an account it chose.
    """
    with uow.reading():
        has_account = accounts.find_user_id(linking.email_of(inviting.require_invitation(token))) is not None
    if has_account:
        inviting.accept(token)
        return respond.see_other("/sign-in", done="invitation-accepted")
    form = JoinForm.of_request()
    if not form.validate():
        return _page(token, form, 422)
    try:
        inviting.accept_as_new(token, name=form.name.data or "", password=form.password.data or "")
    except RuleBroken as error:
        form.refuse(error)
        return _page(token, form, 422)
    return respond.see_other("/sign-in", done="invitation-accepted")


def _page(token: str, form: JoinForm, status: int = 200) -> Response:
    found = inviting.require_invitation(token)
    email = linking.email_of(found)
    inviter = accounts.names([found.invited_by]).get(found.invited_by) if found.invited_by is not None else None
    return respond.page(
        "coalitions/invitation.html",
        status,
        form=form,
        token=token,
        coalition=queries.coalition(found.coalition_id),
        inviter=inviter,
        email=email,
        role=INVITED_WORDS[found.role],
        committee=committees.committee_of_seat(found.seat_id) if found.seat_id is not None else None,
        has_account=accounts.find_user_id(email) is not None,
        until=found.expires_at,
    )
