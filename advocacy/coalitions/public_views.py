"""The coalition for everybody: what it is, who belongs, what can be done; and asking to join."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import get_locale
from werkzeug.wrappers import Response as BaseResponse

from advocacy.coalitions import logo_queries as logos
from advocacy.coalitions import name_queries as names
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import queries
from advocacy.coalitions.models import Coalition, CoalitionState
from advocacy.coalitions.organization_forms import JoinRequestForm
from advocacy.coalitions.services import joining
from advocacy.core.errors import NotFound
from advocacy.web import access, csrf, limits, respond

bp = Blueprint("coalitions_public", __name__, url_prefix="/coalitions")
PAGE_S = 1.0
HOUR_S = 3600


def _coalition(slug: str) -> Coalition:
    found = queries.coalition_by_slug(slug)
    if found.state in {CoalitionState.DISSOLVED, CoalitionState.FORMING}:
        raise NotFound
    return found


@bp.get("/<slug:slug>")
@access.public
def page(slug: str) -> Response:
    """Show a coalition."""
    found = _coalition(slug)
    after = request.args.get("after", type=int)
    members = names.public_members(found.id, after if after is not None and 0 < after < 2**63 else None)
    answer = respond.page(
        "coalitions/public.html",
        coalition=found,
        members=members,
        logos=logos.on_page(found.id, [one.id for one in members.rows]),
        count=organizations.active_count(found.id),
        is_first=after is None,
    )
    return respond.cacheable(answer, PAGE_S)


@bp.get("/<slug:slug>/join")
@access.public
def join(slug: str) -> Response:
    """Show the form of a request."""
    answer = respond.page("coalitions/join.html", coalition=_coalition(slug), form=JoinRequestForm())
    return respond.cacheable(answer, PAGE_S)


@bp.post("/<slug:slug>/join")
@access.public
@csrf.same_site
def ask(slug: str) -> Response | BaseResponse:
    """Take a request; the answer is the same for a new one, a repeated one and a robot's."""
    found = _coalition(slug)
    form = JoinRequestForm.of_request()
    if not form.validate():
        return respond.page("coalitions/join.html", 422, coalition=found, form=form)
    limits.require("join_network", limits.client_network(request), HOUR_S)
    joining.ask_to_join(
        found,
        organization=form.organization.data or "",
        contact_name=form.name.data or "",
        contact_email=form.email.data or "",
        message=form.message.data or "",
        locale=str(get_locale() or "en"),
        is_trapped=bool(form.website.data),
    )
    return respond.see_other(f"/coalitions/{found.slug}/join/thanks")


@bp.get("/<slug:slug>/join/thanks")
@access.public
def thanks(slug: str) -> Response:
    """Say what happens next."""
    return respond.cacheable(respond.page("coalitions/join_thanks.html", coalition=_coalition(slug)), PAGE_S)
