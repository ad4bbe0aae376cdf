"""The organizers' list of people who signed a letter for themselves."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.signons import people_queries, queries
from advocacy.signons.models import LetterState
from advocacy.signons.services import personal
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("signons_people", __name__, url_prefix="/desk/sign-on-letters/<token:public_id>/people")
MANAGE = queries.MANAGE
notices.register("person-removed", _l("The name is taken out."))


@bp.get("")
@access.needs(MANAGE)
def index(public_id: str) -> Response:
    """List the people, the last first."""
    actor = access.current_actor()
    letter = queries.letter_at_desk(actor, public_id, MANAGE)
    before = request.args.get("before", type=int)
    before = before if before is not None and 0 < before < 2**63 else None
    return respond.page(
        "signons/desk/people.html",
        letter=letter,
        may_manage=True,
        people=people_queries.of_letter(letter.id),
        page=people_queries.people_at_desk(actor, letter, before),
        is_open=letter.state == LetterState.COLLECTING,
    )


@bp.post("/<token:person_id>/remove")
@access.needs(MANAGE)
@csrf.session
def remove(public_id: str, person_id: str) -> BaseResponse:
    """Take out a name that is nobody's."""
    personal.remove(access.current_actor(), public_id, person_id)
    return respond.see_other(url_for("signons_people.index", public_id=public_id), "person-removed")
