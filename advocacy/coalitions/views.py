"""The coalition at the desk: its people and their roles; which coalition is in view."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from advocacy.coalitions import queries, rules
from advocacy.coalitions.forms import CoalitionForm, InviteForm, RoleForm
from advocacy.coalitions.models import RoleName
from advocacy.coalitions.services import founding, granting, inviting, viewing
from advocacy.coalitions.words import INVITED_WORDS
from advocacy.core.errors import Conflict, NotFound, RuleBroken
from advocacy.web import access, csrf, respond

bp = Blueprint("coalitions", __name__)
PAGE = "/desk/coalition"


@bp.get("/desk/coalition")
@access.needs("coalition.view")
def page() -> Response:
    """Show the coalition in view; without one, the way to the first."""
    actor = access.current_actor()
    if actor.coalition_id is None:
        return respond.page("coalitions/none.html")
    return _page()


@bp.post("/desk/coalition/invitations")
@access.needs("coalition.manage")
@access.fresh
@csrf.session
def invite() -> BaseResponse:
    """Offer a role to an address."""
    form = InviteForm.of_request()
    if not form.validate():
        return _page(422, invite_form=form)
    try:
        inviting.invite(access.current_actor(), _in_view(), form.email.data or "", form.role.data or "")
    except RuleBroken as error:
        form.refuse(error)
        return _page(422, invite_form=form)
    return respond.see_other(PAGE, done="invitation-sent")


@bp.post("/desk/coalition/invitations/<token:public_id>/revoke")
@access.needs("coalition.manage")
@csrf.session
def revoke(public_id: str) -> BaseResponse:
    """Take an invitation back."""
    inviting.revoke(access.current_actor(), _in_view(), public_id)
    return respond.see_other(PAGE, done="invitation-revoked")


@bp.post("/desk/coalition/roles")
@access.needs("coalition.manage")
@access.fresh
@csrf.session
def grant() -> BaseResponse:
    """Give one more role to somebody who has one here."""
    form = RoleForm.of_request()
    if not form.validate():
        return _page(422, role_form=form)
    actor, person = access.current_actor(), form.person.data or ""
    granting.grant_role_to_member(actor, _in_view(), person, form.more.data or "")
    return respond.see_other(PAGE, done="role-granted")


@bp.post("/desk/coalition/roles/<int:role_id>/end")
@access.needs("coalition.manage")
@access.fresh
@csrf.session
def end(role_id: int) -> BaseResponse:
    """End a role."""
    granting.end_role(access.current_actor(), _in_view(), role_id)
    return respond.see_other(PAGE, done="role-ended")


@bp.get("/desk/coalitions/new")
@access.needs("coalition.manage")
def new_page() -> Response:
    """Show the form of a new coalition, to administrators of the platform."""
    founding.require_platform_admin(access.current_actor())
    return respond.page("coalitions/new.html", form=CoalitionForm())


@bp.post("/desk/coalitions")
@access.needs("coalition.manage")
@csrf.session
def create() -> BaseResponse:
    """Make a coalition and put it in view."""
    actor = access.current_actor()
    founding.require_platform_admin(actor)
    form = CoalitionForm.of_request()
    if form.validate():
        try:
            made = founding.create_coalition(
                actor, slug=form.slug.data or "", name=form.name.data or "", tz=form.tz.data or ""
            )
        except (RuleBroken, Conflict) as error:
            form.refuse(error)
        else:
            viewing.view_new(actor, current_user.signed_in.session_id, made)
            return respond.see_other(PAGE, done="saved")
    return respond.page("coalitions/new.html", 422, form=form)


@bp.post("/coalitions/switch")
@access.signed_in
@csrf.session
def switch() -> BaseResponse:
    """Put another coalition in view."""
    wanted = request.form.get("coalition", "")
    if not wanted.isdecimal() or len(wanted) > 18:  # noqa: PLR2004 - what a bigint holds
        raise NotFound
    viewing.view(access.current_actor(), current_user.signed_in.session_id, int(wanted))
    return respond.see_other(respond.own_path(request.form.get("next"), "/desk"))


def _in_view() -> int:
    coalition_id = access.current_actor().coalition_id
    if coalition_id is None:
        raise NotFound
    return coalition_id


def _page(status: int = 200, *, invite_form: InviteForm | None = None, role_form: RoleForm | None = None) -> Response:
    actor, coalition_id = access.current_actor(), _in_view()
    can_manage = rules.can(actor, "coalition.manage")
    people = queries.people(actor, coalition_id)
    roles = role_form or RoleForm()
    roles.person.choices = [
        (one.public_id, one.name) for one in people if not one.is_disabled and one.user_id != actor.user_id
    ]
    return respond.page(
        "coalitions/page.html",
        status,
        coalition=queries.coalition(coalition_id),
        people=people,
        invitations=queries.invitations(actor, coalition_id) if can_manage else [],
        role_words=INVITED_WORDS,
        can_manage=can_manage,
        invite_form=invite_form or InviteForm(role=RoleName.ORGANIZER),
        role_form=roles,
        wrong_form=invite_form or role_form,
    )
