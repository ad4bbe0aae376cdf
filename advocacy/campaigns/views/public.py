"""Campaigns for everybody."""

from __future__ import annotations

from flask import Blueprint, Response, redirect
from werkzeug.wrappers import Response as BaseResponse

from advocacy.campaigns import words
from advocacy.campaigns.models import CampaignState
from advocacy.campaigns.queries import actions, bills, facts, news, plan, positions
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.views import pages, timelines
from advocacy.coalitions import queries as coalitions
from advocacy.core.errors import NotFound
from advocacy.web import access, respond

bp = Blueprint("campaigns", __name__)
FRESH_S = 1.0


@bp.get("/campaigns")
@access.public
def list_campaigns() -> Response:
    """What coalitions work for now, and what they reached."""
    page = queries.public_campaigns(after=pages.after())
    ids = [found.id for found in page.rows]
    return respond.cacheable(
        respond.page(
            "campaigns/list.html",
            page=page,
            states=words.STATES,
            actions=actions.open_actions(ids),
            owners=coalitions.coalition_names(sorted({found.coalition_id for found in page.rows})),
        ),
        FRESH_S,
    )


@bp.get("/campaigns/<slug:slug>")
@access.public
def page(slug: str) -> BaseResponse:
    """Show a campaign: how far it is, what it asks for, what everybody can do."""
    try:
        found = queries.public_campaign(slug)
    except NotFound:
        moved = queries.moved_campaign(slug)
        if moved is None:
            raise
        return redirect(f"/campaigns/{moved.slug}", 302)
    entries = news.published(found)
    today = queries.today(found.coalition_id)
    is_running = found.state == CampaignState.ACTIVE
    about = bills.bills_of(found, public_only=True)
    return respond.cacheable(
        respond.page(
            "campaigns/page.html",
            campaign=found,
            coalition=coalitions.coalition(found.coalition_id),
            state=words.STATES[CampaignState(found.state)],
            evidence=queries.evidence_of(found),
            progress=plan.progress(found),
            actions=actions.open_actions([found.id])[found.id] if is_running else [],
            action_words=words.ACTIONS,
            exposures=words.EXPOSURES,
            asks=facts.asks(found),
            ask_facts=facts.facts_for_asks(found),
            facts=facts.facts_of(found),
            targets=plan.targets(found),
            bills=about,
            positions=positions.live_positions([bill.id for bill in about]),
            stances=words.STANCES,
            bill_words=words.BILLS,
            timeline=timelines.of_campaign(found, plan.milestones(found, public_only=True), entries, today),
            news=entries,
            today=today,
        ),
        FRESH_S,
    )


@bp.get("/campaigns/<slug:slug>/actions/<token:part>")
@access.public
def action(slug: str, part: str) -> Response:
    """Show something small that everybody can do."""
    found = queries.public_campaign(slug)
    if found.state != CampaignState.ACTIVE:
        raise NotFound
    return respond.cacheable(
        respond.page(
            "campaigns/action.html",
            campaign=found,
            coalition=coalitions.coalition(found.coalition_id),
            action=actions.public_action(found, part),
            action_words=words.ACTIONS,
            exposures=words.EXPOSURES,
        ),
        FRESH_S,
    )
