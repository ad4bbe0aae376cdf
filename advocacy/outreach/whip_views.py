"""How the votes on a bill look, at the desk."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.accounts import queries as accounts
from advocacy.civic.models import Chamber
from advocacy.civic.services.people import CHAMBERS
from advocacy.coalitions import rules as coalition_rules
from advocacy.outreach import position_queries as positions
from advocacy.outreach import queries, rosters, whip_queries, words
from advocacy.outreach.lawmaker_views import form_page
from advocacy.outreach.position_forms import VoteLineForm
from advocacy.outreach.services import counting_votes
from advocacy.web import access, csrf, limits, notices, respond

bp = Blueprint("votes", __name__, url_prefix="/desk/votes")
VIEW, MANAGE = positions.VIEW, positions.MANAGE
notices.register("votes-line-saved", _l("Noted how many votes it needs."))


@bp.get("")
@access.needs(VIEW)
def index() -> Response:
    """The bills whose votes can be counted."""
    bills = queries.bill_choices(access.current_actor().coalition_id)
    return respond.page("outreach/votes_index.html", bills=[(bill, rosters.place_of_bill(bill)) for bill in bills])


@bp.get("/<token:public_id>")
@access.needs(VIEW)
def show(public_id: str) -> Response:
    """The picture of the votes on one bill, chamber by chamber, with all that it stands on."""
    actor = access.current_actor()
    found = positions.bill(actor, public_id)
    counts = whip_queries.counts(actor, found)
    return respond.page(
        "outreach/votes.html",
        bill=found,
        counts=counts,
        names=accounts.names(
            {vote.holder_id for count in counts for vote in count.votes if vote.holder_id is not None}
        ),
        chambers=CHAMBERS,
        stands=words.STANDS,
        parts=words.PARTS,
        sure=words.SURE,
        old_days=whip_queries.OLD.days,
        may_manage=coalition_rules.can(actor, MANAGE),
    )


@bp.route(
    "/<token:public_id>/line/<any(us_senate, us_house, state_upper, state_lower, council):chamber>",
    methods=["GET", "POST"],
)
@access.needs(MANAGE)
@csrf.session
def line(public_id: str, chamber: str) -> BaseResponse:
    """Say how many votes it needs in a chamber."""
    actor = access.current_actor()
    found = positions.bill(actor, public_id, MANAGE)
    row = whip_queries.vote_lines(found).get(chamber)
    form = VoteLineForm.of_request(obj=row)
    if request.method == "GET" and row is None:
        form.version.data = 0

    def act() -> BaseResponse:
        counting_votes.set_line(
            actor,
            public_id,
            chamber,
            needed=form.needed.data,
            reason=form.reason.data or "",
            version=form.version.data,
        )
        return respond.see_other(url_for("votes.show", public_id=public_id), "votes-line-saved")

    return form.carry_out(act) or form_page(
        form,
        title=_("How many votes it needs: %(chamber)s", chamber=CHAMBERS[Chamber(chamber)]),
        crumbs=[(_("Votes"), url_for("votes.index")), (found.identifier, url_for("votes.show", public_id=public_id))],
        lead=_("Leave it empty for more than half of all seats."),
        hints={"reason": _("For example: a tax bill needs three of five.")},
    )


@bp.post("/<token:public_id>/export.csv")
@access.needs(MANAGE)
@access.fresh
@csrf.session
def export(public_id: str) -> Response:
    """The votes on one bill as CSV."""
    actor = access.current_actor()
    cells = counting_votes.export(actor, public_id, words.STANDS, words.SURE)
    limits.require_export(actor)
    return respond.csv(cells, "votes.csv")
