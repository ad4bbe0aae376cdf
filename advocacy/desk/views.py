"""The start page of signed-in people."""

from __future__ import annotations

from flask import Blueprint, Response, request

from advocacy.accounts import queries as accounts
from advocacy.audit import queries as audit
from advocacy.web import access, respond
from advocacy.web.templating import panels

bp = Blueprint("desk", __name__)
PLACES = ("due", "waiting", "moved")


@bp.get("/desk")
@access.signed_in
def home() -> Response:
    """Answer in one look what is due, what waits and what moved."""
    return respond.page("desk/home.html", parts={place: panels(f"desk.{place}") for place in PLACES})


@bp.get("/desk/audit")
@access.needs("audit.view")
def record() -> Response:
    """Show who did what in this coalition, newest first."""
    actor = access.current_actor()
    known = audit.actions(actor)
    action = request.args.get("action", "")
    action = action if action in known else ""
    page = audit.events(actor, action=action, before_id=request.args.get("before", type=int))
    names = accounts.names({event.user_id for event in page.rows if event.user_id is not None})
    return respond.page("desk/record.html", page=page, names=names, actions=known, action=action)
