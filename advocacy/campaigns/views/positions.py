"""Positions on bills at the desk."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.campaigns.forms.positions import AskCoalitionForm, EndPositionForm, PositionForm
from advocacy.campaigns.models import Bill, Stance
from advocacy.campaigns.queries import bills, positions
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.services import standing
from advocacy.campaigns.views import pages
from advocacy.core.errors import RuleBroken
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("campaigns_positions", __name__, url_prefix="/desk/bills/<token:public_id>/positions")
notices.register("position-taken", _l("The position stands from now on."))
notices.register("position-ended", _l("The position has ended."))


@bp.route("/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def take(public_id: str) -> BaseResponse:
    """Say where the coalition stands, by a decision that passed."""
    actor = access.current_actor()
    found = bills.bill(actor, public_id)
    live = positions.live_position(found.coalition_id, found.id)
    form = PositionForm.of_request(replaces=live.id if live else None, stance=str(Stance.WATCH))
    form.offer(bills.versions(found), positions.passed_decisions(actor))

    def act() -> BaseResponse:
        standing.take_position(
            actor,
            public_id,
            stance=form.stance.data,
            decision=form.decision.data or "",
            version_id=form.version_id,
            reason=form.reason.data,
            replaces=form.replaces.data,
        )
        return respond.see_other(_at(found), done="position-taken")

    return form.carry_out(act) or pages.form_page(
        form,
        title=_("Replace the position") if live else _("Take a position"),
        crumbs=_crumbs(found),
        lead=_("Every position but watching needs a decision of your coalition that passed."),
        save=_("Take the position"),
    )


@bp.route("/ask", methods=["GET", "POST"])
@access.needs("decisions.manage")
@csrf.session
def ask(public_id: str) -> BaseResponse:
    """Put a position to the vote."""
    actor = access.current_actor()
    found = bills.bill(actor, public_id, queries.MANAGE)
    form = AskCoalitionForm.of_request(title=f"{found.identifier}: {found.title}"[:150])
    form.offer(bills.versions(found))

    def act() -> BaseResponse:
        decision = standing.ask_coalition(
            actor,
            public_id,
            stance=form.stance.data,
            title=form.title.data,
            text=form.text.data,
            closes_at=form.closes_at(queries.zone(found.coalition_id)),
            version_id=form.version_id,
        )
        return respond.see_other(f"/desk/decisions/{decision.public_id}", done="saved")

    return form.carry_out(act) or pages.form_page(
        form,
        title=_("Ask the coalition"),
        crumbs=_crumbs(found),
        lead=_(
            "This drafts a decision. You open the vote from its page. When it passes, the position begins that moment."
        ),
        save=_("Draft the decision"),
    )


@bp.post("/end")
@access.needs(queries.MANAGE)
@csrf.session
def end(public_id: str) -> BaseResponse:
    """End the position."""
    form, actor = EndPositionForm.of_request(), access.current_actor()
    found = bills.bill(actor, public_id)
    if not form.validate():
        raise RuleBroken
    standing.end_position(actor, public_id, position_id=form.position.data or 0)
    return respond.see_other(_at(found), done="position-ended")


def _at(found: Bill) -> str:
    return f"/desk/bills/{found.public_id}"


def _crumbs(found: Bill) -> list[tuple[str, str]]:
    return [(_("Bills"), "/desk/bills"), (found.identifier, _at(found))]
