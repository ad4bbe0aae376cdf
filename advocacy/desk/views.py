"""The start page of signed-in people."""

from __future__ import annotations

from flask import Blueprint, Response

from advocacy.web import access, respond
from advocacy.web.templating import panels

bp = Blueprint("desk", __name__)
PLACES = ("due", "waiting", "moved")


@bp.get("/desk")
@access.signed_in
def home() -> Response:
    """Answer in one look what is due, what waits and what moved."""
    return respond.page("desk/home.html", parts={place: panels(f"desk.{place}") for place in PLACES})
