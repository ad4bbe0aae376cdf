"""The life of a campaign: begin, pause, win, lose, close, archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.campaigns import rules
from advocacy.campaigns.models import Campaign, CampaignState, Evidence, OldSlug
from advocacy.campaigns.queries import actions
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.services import checks, drafting
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken

BY_ITSELF = frozenset({CampaignState.ACTIVE, CampaignState.PAUSED, CampaignState.LOST, CampaignState.CLOSED})


@dataclass(frozen=True)
class Proof:
    """What proves a victory."""

    summary: str
    source_name: str
    source_url: str
    happened_on: date


def move_campaign(actor: Actor, public_id: str, *, version: int, state: str) -> Campaign:
    """Take a campaign to another state; victory and archive have their own ways.

    Raises: NotAllowed, NotFound, Conflict when somebody changed it since ``version`` or it cannot go there,
    RuleBroken when there is nothing small and private to do (domain I-050).
    """
    found = drafting.locked(actor, public_id, version)
    if state not in BY_ITSELF:
        raise Conflict(_("The campaign cannot take this step from where it stands now."))
    _require_step(found, state)
    if state == CampaignState.ACTIVE:
        _found_on_easy_action(found)
        found.first_active_at = found.first_active_at or clock.now()
    _move(actor, found, CampaignState(state))
    return found


def win_campaign(actor: Actor, public_id: str, *, version: int, proof: Proof) -> Campaign:
    """Mark a victory, with what proves it (domain I-048).

    Raises: NotAllowed, NotFound, Conflict, RuleBroken naming the field.
    """
    found = drafting.locked(actor, public_id, version)
    _require_step(found, CampaignState.WON)
    evidence = Evidence(
        coalition_id=found.coalition_id,
        summary=checks.require_text(proof.summary, "summary"),
        source_name=checks.require_text(proof.source_name, "source_name"),
        source_url=checks.require_web_address(proof.source_url, "source_url"),
        happened_on=checks.require_not_ahead(proof.happened_on, found.coalition_id, "happened_on"),
        added_at=clock.now(),
    )
    db.session.add(evidence)
    db.session.flush()
    found.evidence_id = evidence.id
    _move(actor, found, CampaignState.WON)
    return found


def archive_campaign(actor: Actor, public_id: str, *, version: int, slug: str, successor: str = "") -> Campaign:
    """Put a campaign away under another short name; its old address leads to it, or to the campaign that follows it.

    Raises: NotAllowed, NotFound, Conflict, RuleBroken (field ``slug`` or ``successor``).
    """
    found = drafting.locked(actor, public_id, version)
    _require_step(found, CampaignState.ARCHIVED)
    leads_to = found
    if successor:
        leads_to = queries.campaign(actor, successor)
        if leads_to.id == found.id or leads_to.state not in rules.PUBLIC_STATES:
            raise RuleBroken(_("Choose a campaign that the public can see."), field="successor")
    if slug != found.slug:
        drafting.require_free_slug(found.coalition_id, slug)
        _leave_slug(found, leads_to)
        found.slug = slug
    elif leads_to is not found:
        raise RuleBroken(_("Give it another short name, so that the old one can lead elsewhere."), field="slug")
    _move(actor, found, CampaignState.ARCHIVED)
    return found


def found_on_easy_action(found: Campaign) -> None:
    """Name the small and private action on whose ground an active campaign goes on.

    Raises: RuleBroken when there is none (domain I-050).
    """
    if found.state == CampaignState.ACTIVE:
        _found_on_easy_action(found)
        db.session.flush()


def _found_on_easy_action(found: Campaign) -> None:
    easy = actions.easy_action(found.id)
    if easy is None:
        raise RuleBroken(
            _(
                "An active campaign needs one open action that takes at most five minutes and makes nothing "
                "public, so that everybody finds something to do. Add one first."
            )
        )
    found.easy_action, found.easy_minutes = easy.url, easy.effort_minutes


def _require_step(found: Campaign, state: str) -> None:
    if found.is_template or not rules.can_move(found.state, state):
        raise Conflict(_("The campaign cannot take this step from where it stands now."))


def _move(actor: Actor, found: Campaign, state: CampaignState) -> None:
    before, found.state, found.moved_at = found.state, state, clock.now()
    drafting.touch(found)
    drafting.record(actor, "campaign.moved", found, **{"from": before, "to": str(state)})


def _leave_slug(found: Campaign, leads_to: Campaign) -> None:
    held = db.session.execute(select(OldSlug).where(OldSlug.slug == found.slug).with_for_update()).scalar_one_or_none()
    if held is None:
        held = OldSlug(slug=found.slug, coalition_id=found.coalition_id)
        db.session.add(held)
    held.campaign_id, held.since = leads_to.id, clock.now()
