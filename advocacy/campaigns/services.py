"""Making and changing campaigns."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.audit import services as audit
from advocacy.campaigns import queries, rules
from advocacy.campaigns.models import Campaign, CampaignState
from advocacy.coalitions import rules as roles
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.core.ids import new_public_id


def create_campaign(actor: Actor, coalition_id: int, *, slug: str, title: str, goal: str) -> Campaign:
    """Make a draft.

    Raises: NotAllowed, RuleBroken (field ``slug``), Conflict when the slug is taken.
    """
    roles.require(actor, "campaigns.manage", coalition_id)
    if not roles.is_slug(slug):
        raise RuleBroken(
            _("The short name may hold a to z, 0 to 9 and single hyphens inside, at most 80."), field="slug"
        )
    if db.session.execute(select(Campaign.id).where(Campaign.slug == slug)).scalar_one_or_none() is not None:
        raise Conflict(_("This short name is taken."), field="slug")
    now = clock.now()
    made = Campaign(
        coalition_id=coalition_id,
        public_id=new_public_id(),
        slug=slug,
        title=title,
        goal=goal,
        state=CampaignState.DRAFT,
        created_at=now,
        changed_at=now,
    )
    db.session.add(made)
    db.session.flush()
    audit.record(actor, "campaign.created", "campaign", made.id, coalition_id=coalition_id)
    return made


def change_campaign(actor: Actor, public_id: str, *, version: int, title: str, goal: str) -> Campaign:
    """Change the words.

    Raises: NotAllowed, NotFound, Conflict when somebody changed it since ``version``.
    """
    found = _own(actor, public_id, version)
    found.title, found.goal, found.changed_at = title, goal, clock.now()
    db.session.flush()
    audit.record(actor, "campaign.changed", "campaign", found.id, coalition_id=found.coalition_id)
    return found


def move_campaign(actor: Actor, public_id: str, *, version: int, state: str) -> Campaign:
    """Take a campaign to another state.

    Raises: NotAllowed, NotFound, Conflict when somebody changed it since ``version`` or it cannot go there.
    """
    found = _own(actor, public_id, version)
    if not rules.can_move(found.state, state):
        raise Conflict(_("The campaign cannot take this step from where it stands now."))
    facts = {"from": found.state, "to": state}
    found.state, found.changed_at = state, clock.now()
    db.session.flush()
    audit.record(actor, "campaign.moved", "campaign", found.id, coalition_id=found.coalition_id, facts=facts)
    return found


def _own(actor: Actor, public_id: str, version: int) -> Campaign:
    found = queries.campaign(actor, public_id)
    roles.require(actor, "campaigns.manage", found.coalition_id)
    if found.version != version:
        raise Conflict(
            _("Somebody changed this campaign meanwhile. Please look again and repeat what is still needed.")
        )
    return found
