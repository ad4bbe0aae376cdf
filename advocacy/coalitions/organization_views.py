"""Organizations at the desk: who belongs, who acts for whom, who asks to join, how the coalition decides."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.coalitions import governance_words as words
from advocacy.coalitions import logo_queries as logos
from advocacy.coalitions import name_queries as names
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import organization_rules, queries, rules
from advocacy.coalitions.name_models import COALITION_PAGE
from advocacy.coalitions.organization_forms import AcceptForm, OrganizationForm, RepresentativeForm, SettingsForm
from advocacy.coalitions.organization_models import JoinState, Membership, MembershipState
from advocacy.coalitions.services import governing, inviting, joining, organizing, representing
from advocacy.core.actor import Actor
from advocacy.core.errors import Conflict, NotFound, RuleBroken
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("organizations", __name__, url_prefix="/desk/coalition")
VIEW, MANAGE = "organizations.view", "organizations.manage"
SEARCH_LENGTH = 100

for _code, _sentence in (
    ("organization-saved", _l("The organization is saved.")),
    ("organization-moved", _l("Done. It holds from now on.")),
    ("representative-invited", _l("The invitation is on its way. Its link works for seven days.")),
    ("representative-ended", _l("This person no longer acts for the organization.")),
    ("request-accepted", _l("Accepted. We wrote to them. Note the memorandum when it is signed.")),
    ("request-declined", _l("Declined. We wrote to them, kindly.")),
    ("settings-saved", _l("Saved. Decisions that are open keep the rule they began with.")),
):
    notices.register(_code, _sentence)


def coalition_in_view(actor: Actor) -> int:
    """The coalition that the actor looks at.

    Raises: NotFound without one.
    """
    if actor.coalition_id is None:
        raise NotFound
    return actor.coalition_id


@bp.get("/organizations")
@access.needs(VIEW)
def index() -> Response:
    """List the organizations by name."""
    actor = access.current_actor()
    coalition_in_view(actor)
    state = request.args.get("state", "")
    state = state if state in set(MembershipState) else ""
    search = request.args.get("q", "")[:SEARCH_LENGTH].strip()
    after = request.args.get("after", type=int)
    return _page(
        "coalitions/organizations.html",
        page=organizations.memberships(actor, state=state or None, search=search, after=_bigint(after)),
        counts=organizations.counts_by_state(actor),
        state=state,
        search=search,
        states=list(MembershipState),
        waiting=organizations.waiting_requests(actor) if rules.can(actor, MANAGE) else 0,
        may_see_names=rules.can(actor, "partners.view"),
    )


@bp.get("/organizations/new")
@access.needs(MANAGE)
def new() -> Response:
    """Show an empty form."""
    coalition_in_view(access.current_actor())
    return _page("coalitions/organization_form.html", form=OrganizationForm(), membership=None)


@bp.post("/organizations")
@access.needs(MANAGE)
@csrf.session
def create() -> Response | BaseResponse:
    """Bring an organization in."""
    actor = access.current_actor()
    coalition_id = coalition_in_view(actor)
    form = OrganizationForm.of_request()
    if form.validate():
        try:
            made = organizing.add_organization(actor, coalition_id, form.terms())
        except (RuleBroken, Conflict) as error:
            form.refuse(error)
        else:
            return respond.see_other(_at(made), "organization-saved")
    return _page("coalitions/organization_form.html", 422, form=form, membership=None)


@bp.get("/organizations/<token:public_id>")
@access.needs(VIEW)
def show(public_id: str) -> Response:
    """Show one organization."""
    return _show(organizations.membership(access.current_actor(), public_id), RepresentativeForm())


@bp.get("/organizations/<token:public_id>/edit")
@access.needs(MANAGE)
def edit(public_id: str) -> Response:
    """Show the form, filled."""
    found = organizations.membership(access.current_actor(), public_id, MANAGE)
    return _page("coalitions/organization_form.html", form=OrganizationForm.of_membership(found), membership=found)


@bp.post("/organizations/<token:public_id>/edit")
@access.needs(MANAGE)
@csrf.session
def save(public_id: str) -> Response | BaseResponse:
    """Change what is known of it."""
    actor = access.current_actor()
    found = organizations.membership(actor, public_id, MANAGE)
    form = OrganizationForm.of_request()
    if form.validate():
        try:
            organizing.change_organization(actor, public_id, form.terms(), version=form.version.data)
        except RuleBroken as error:
            form.refuse(error)
        else:
            return respond.see_other(_at(found), "organization-saved")
    return _page("coalitions/organization_form.html", 422, form=form, membership=found)


@bp.post("/organizations/<token:public_id>/state")
@access.needs(MANAGE)
@csrf.session
def move(public_id: str) -> Response | BaseResponse:
    """Take it a step further."""
    found = organizing.move_organization(access.current_actor(), public_id, request.form.get("state", ""))
    return respond.see_other(_at(found), "organization-moved")


@bp.post("/organizations/<token:public_id>/people")
@access.needs(MANAGE)
@access.fresh
@csrf.session
def invite(public_id: str) -> Response | BaseResponse:
    """Invite somebody to act for it."""
    actor = access.current_actor()
    found = organizations.membership(actor, public_id, MANAGE)
    form = RepresentativeForm.of_request()
    if form.validate():
        try:
            inviting.invite_representative(actor, found, form.email.data or "")
        except RuleBroken as error:
            form.refuse(error)
        else:
            return respond.see_other(_at(found), "representative-invited")
    return _show(found, form, 422)


@bp.post("/organizations/<token:public_id>/people/<int:seat_id>/end")
@access.needs(MANAGE)
@access.fresh
@csrf.session
def end(public_id: str, seat_id: int) -> BaseResponse:
    """End somebody's right to act for it."""
    actor = access.current_actor()
    found = organizations.membership(actor, public_id, MANAGE)
    representing.end_representation(actor, found, seat_id)
    return respond.see_other(_at(found), "representative-ended")


@bp.get("/requests")
@access.needs(MANAGE)
def requests() -> Response:
    """List the requests to join that wait."""
    actor = access.current_actor()
    coalition_in_view(actor)
    page = organizations.join_requests(actor, before=_bigint(request.args.get("before", type=int)))
    lines = [(one, organizations.contact_of(one), organizations.message_of(one)) for one in page.rows]
    return _page("coalitions/requests.html", page=page, lines=lines, form=AcceptForm())


@bp.post("/requests/<token:public_id>/accept")
@access.needs(MANAGE)
@csrf.session
def accept(public_id: str) -> BaseResponse:
    """Bring the organization in."""
    form = AcceptForm.of_request()
    if not form.validate():
        raise RuleBroken
    made = joining.accept_request(access.current_actor(), public_id, form.tier.data)
    return respond.see_other(_at(made), "request-accepted")


@bp.post("/requests/<token:public_id>/decline")
@access.needs(MANAGE)
@csrf.session
def decline(public_id: str) -> BaseResponse:
    """Say no."""
    joining.decline_request(access.current_actor(), public_id)
    return respond.see_other(url_for("organizations.requests"), "request-declined")


@bp.get("/settings")
@access.needs("coalition.manage")
def settings() -> Response:
    """Show how the coalition decides."""
    coalition = queries.coalition(coalition_in_view(access.current_actor()))
    return _page("coalitions/settings.html", form=SettingsForm.of_request(coalition), coalition=coalition)


@bp.post("/settings")
@access.needs("coalition.manage")
@access.fresh
@csrf.session
def save_settings() -> Response | BaseResponse:
    """Change how the coalition decides."""
    actor = access.current_actor()
    coalition = queries.coalition(coalition_in_view(actor))
    form = SettingsForm.of_request()
    if not form.validate():
        return _page("coalitions/settings.html", 422, form=form, coalition=coalition)
    governing.change_settings(
        actor,
        coalition.id,
        about=form.about.data or "",
        decision_rule=form.decision_rule.data,
        quorum_pct=form.quorum_pct.data or 0,
        spokesperson_policy=form.spokesperson_policy.data or "",
        ask_limit=form.ask_limit.data,
        ask_window_days=form.ask_window_days.data,
    )
    return respond.see_other(url_for("organizations.settings"), "settings-saved")


def _at(found: Membership) -> str:
    return url_for("organizations.show", public_id=found.public_id)


def _bigint(number: int | None) -> int | None:
    return number if number is not None and 0 < number < 2**63 else None


def _show(found: Membership, form: RepresentativeForm, status: int = 200) -> Response:
    may_manage = rules.can(access.current_actor(), MANAGE)
    return _page(
        "coalitions/organization.html",
        status,
        membership=found,
        form=form,
        people=organizations.representatives(found.coalition_id, [found.id]),
        contact=organizations.contact_of(found) if may_manage else None,
        coalition=queries.coalition(found.coalition_id),
        may_ask_name=names.may_be_asked(found, COALITION_PAGE) and rules.can(access.current_actor(), "partners.manage"),
        asks_for_logo=names.asks_for_logo(found, COALITION_PAGE),
        logo=logos.shown(found),
        asked_names=names.asked(found.coalition_id, COALITION_PAGE, [found.id]),
        steps=organization_rules.next_states(found.state),
        is_left=found.state == MembershipState.LEFT,
    )


def _page(template: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401 - template context
    return respond.page(
        template,
        status,
        words=words,
        may_manage=rules.can(access.current_actor(), MANAGE),
        join_states=JoinState,
        **context,
    )
