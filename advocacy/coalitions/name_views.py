"""The use of organizations' names: asked by organizers, answered by who acts for the organization."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.coalitions import governance_words as words
from advocacy.coalitions import logo_queries as logos
from advocacy.coalitions import name_queries as names
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import queries
from advocacy.coalitions.name_models import COALITION_PAGE
from advocacy.coalitions.services import naming
from advocacy.core.errors import NotFound
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("names", __name__, url_prefix="/desk/coalition/names")
VIEW, MANAGE, OWN = "partners.view", "partners.manage", "partners.own"

notices.register(
    "name-asked", _l("The organization is asked, and its people get a mail. Until it says yes, nothing is shown.")
)
notices.register("name-yes", _l("Thank you. What you said yes to may stand there now."))
notices.register("name-no", _l("Noted. What you said no to does not stand there."))


@bp.get("")
@access.needs(VIEW)
def index() -> Response:
    """List what was asked, and the answers."""
    actor = access.current_actor()
    if actor.coalition_id is None:
        raise NotFound
    before = request.args.get("before", type=int)
    page = names.requests(actor, before if before is not None and 0 < before < 2**63 else None)
    return respond.page("coalitions/names.html", page=page, words=words)


@bp.post("/ask/<token:public_id>")
@access.needs(MANAGE)
@csrf.session
def ask(public_id: str) -> BaseResponse:
    """Ask an organization whether its name may stand on the coalition's page."""
    actor = access.current_actor()
    found = organizations.membership(actor, public_id, MANAGE)
    naming.ask(actor, found, COALITION_PAGE, queries.coalition(found.coalition_id).name)
    return respond.see_other(url_for("names.index"), "name-asked")


@bp.get("/ours")
@access.needs(OWN)
def own_index() -> Response:
    """Show what one's own organization was asked."""
    actor = access.current_actor()
    mine = organizations.acting_for(actor)
    return respond.page(
        "coalitions/names_own.html",
        organization=mine,
        requests=names.own_requests(actor),
        about_logo={one.id for one in names.own_requests(actor) if mine and names.asks_for_logo(mine, one.place)},
        logo=logos.shown(mine) if mine else None,
        words=words,
    )


@bp.post("/ours/<token:request_id>")
@access.needs(OWN)
@csrf.session
def answer(request_id: str) -> BaseResponse:
    """Say yes or no."""
    with_logo = request.form.get("about") == "logo"
    found = naming.answer(access.current_actor(), request_id, request.form.get("answer", ""), with_logo=with_logo)
    return respond.see_other(url_for("names.own_index"), f"name-{found.answer}")
