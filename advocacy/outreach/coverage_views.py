"""Where a coalition is known, district by district."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response

from advocacy.civic.places import BY_CODE
from advocacy.civic.rules import place_of
from advocacy.outreach import coverage_queries, rosters
from advocacy.outreach.coverage_queries import FEWEST, FRESH, Covered
from advocacy.outreach.lawmaker_views import VIEW, chamber_asked
from advocacy.web import access, respond

bp = Blueprint("coverage", __name__, url_prefix="/desk/coverage")


@bp.get("")
@access.needs(VIEW)
def index() -> Response:
    """The districts of one chamber, as tiles and as a table."""
    asked = chamber_asked()
    found = coverage_queries.coverage(access.current_actor(), rosters.roster(asked["place"], asked["chamber"]))
    return respond.page(
        "outreach/coverage.html",
        found=found,
        by_state=_by_state(found.districts) if asked["place"] == rosters.CONGRESS else {},
        fresh_days=FRESH.days,
        fewest=FEWEST,
        **asked,
    )


def _by_state(districts: Sequence[Covered]) -> dict[str, int]:
    """How many districts of each state have anything, for the map."""
    counts: dict[str, int] = {}
    for one in districts:
        place = place_of(one.district.division_id)
        if one.marks and place is not None and place.code in BY_CODE:
            counts[place.code] = counts.get(place.code, 0) + 1
    return counts
