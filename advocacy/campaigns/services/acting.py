"""The small actions that campaigns offer themselves: read where we stand, tell somebody."""

from __future__ import annotations

from flask_babel import gettext as _

from advocacy.audit import services as audit
from advocacy.campaigns.models import ActionKind, Campaign, CampaignAction
from advocacy.campaigns.queries import actions
from advocacy.campaigns.services import checks, drafting, moving
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.core.ids import new_public_id

OWN_KINDS = (ActionKind.SHARE, ActionKind.POSITION_ONLY)


def add_action(
    actor: Actor,
    campaign_id: str,
    *,
    kind: str,
    title: str,
    text: str,
    words: str = "",
    effort_minutes: int | None,
    exposure: str,
) -> CampaignAction:
    """Offer something small.

    Raises: NotAllowed, NotFound, RuleBroken naming the field.
    """
    found = drafting.locked(actor, campaign_id)
    if kind not in OWN_KINDS:
        raise RuleBroken(_("Choose a kind."), field="kind")
    made = CampaignAction(
        coalition_id=found.coalition_id,
        campaign_id=found.id,
        public_id=new_public_id(),
        kind=kind,
        title=checks.require_text(title, "title"),
        text=checks.require_text(text, "text"),
        words=words,
        effort_minutes=checks.require_effort(effort_minutes),
        exposure=checks.require_exposure(exposure),
        is_open=True,
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    _record(actor, "action.opened", made)
    return made


def set_action_open(actor: Actor, campaign_id: str, action_id: str, *, is_open: bool) -> CampaignAction:
    """Close an action, or open it again; the last small and private one of an active campaign stays open.

    Raises: NotAllowed, NotFound, RuleBroken (domain I-050).
    """
    found = drafting.locked(actor, campaign_id)
    action = _of(actor, found, action_id)
    if action.is_open == is_open:
        return action
    action.is_open = is_open
    db.session.flush()
    moving.found_on_easy_action(found)
    _record(actor, "action.opened" if is_open else "action.closed", action)
    return action


def _of(actor: Actor, found: Campaign, action_id: str) -> CampaignAction:
    action = actions.own_action(actor, action_id)
    drafting.require_same(action.campaign_id, found)
    return action


def _record(actor: Actor, what: str, action: CampaignAction) -> None:
    audit.record(
        actor,
        what,
        "campaign_action",
        action.id,
        coalition_id=action.coalition_id,
        facts={"kind": action.kind, "campaign_id": action.campaign_id},
    )
