"""Writing campaigns: make one, change its words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from advocacy.audit import services as audit
from advocacy.campaigns.models import Campaign, CampaignState
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.services import checks
from advocacy.coalitions import rules as roles
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound, RuleBroken
from advocacy.core.ids import new_public_id

KIND = "campaign"


def create_campaign(
    actor: Actor, coalition_id: int, *, slug: str, title: str, goal: str, is_template: bool = False
) -> Campaign:
    """Make a draft.

    Raises: NotAllowed, RuleBroken (field ``slug``), Conflict when the slug is taken.
    """
    roles.require(actor, queries.MANAGE, coalition_id)
    require_free_slug(coalition_id, slug)
    now = clock.now()
    made = Campaign(
        coalition_id=coalition_id,
        public_id=new_public_id(),
        slug=slug,
        title=checks.require_text(title, "title"),
        goal=checks.require_text(goal, "goal"),
        state=CampaignState.DRAFT,
        is_template=is_template,
        created_at=now,
        changed_at=now,
    )
    db.session.add(made)
    db.session.flush()
    record(actor, "campaign.created", made)
    return made


def change_campaign(actor: Actor, public_id: str, *, version: int, title: str, goal: str) -> Campaign:
    """Change the words.

    Raises: NotAllowed, NotFound, Conflict when somebody changed it since ``version``.
    """
    found = locked(actor, public_id, version)
    found.title, found.goal = checks.require_text(title, "title"), checks.require_text(goal, "goal")
    touch(found)
    record(actor, "campaign.changed", found)
    return found


def mark_template(actor: Actor, public_id: str, *, version: int, is_template: bool) -> Campaign:
    """Make a draft a pattern for others, or an ordinary draft again.

    Raises: NotAllowed, NotFound, Conflict.
    """
    found = locked(actor, public_id, version)
    if found.state != CampaignState.DRAFT:
        raise Conflict(_("Only a draft can be a template. Copy this campaign and mark the copy."))
    found.is_template = is_template
    touch(found)
    record(actor, "campaign.template", found, is_template=is_template)
    return found


def require_free_slug(coalition_id: int, slug: str) -> None:
    """Refuse what is no short name, or somebody else's.

    Raises: RuleBroken, Conflict (field ``slug``).
    """
    if not roles.is_slug(slug):
        raise RuleBroken(
            _("The short name may hold a to z, 0 to 9 and single hyphens inside, at most 80."), field="slug"
        )
    if queries.is_slug_taken(coalition_id, slug):
        raise Conflict(_("This short name is taken."), field="slug")


def locked(actor: Actor, public_id: str, version: int | None = None) -> Campaign:
    """The campaign, to be changed by nobody else before this unit ends.

    Raises: NotAllowed, NotFound, Conflict when somebody changed it since ``version``, or when it is archived.
    """
    found = queries.campaign(actor, public_id, queries.MANAGE, lock=True)
    require_unarchived(found)
    if version is not None:
        checks.require_version(found.version, version)
    return found


def require_part_open(actor: Actor, campaign_id: int, verb: str = queries.MANAGE) -> None:
    """Refuse to change a part of a campaign without the capability, or when the campaign is archived.

    Raises: NotAllowed, Conflict.
    """
    found = db.session.get_one(Campaign, campaign_id)
    roles.require(actor, verb, found.coalition_id)
    require_unarchived(found)


def require_unarchived(found: Campaign) -> None:
    """An archived campaign stays as it was, with all its parts.

    Raises: Conflict.
    """
    if found.state == CampaignState.ARCHIVED:
        raise Conflict(_("The campaign is archived, and nothing about it changes any more. Copy it to go on."))


def require_same(campaign_id: int, found: Campaign) -> None:
    """Refuse a part of another campaign.

    Raises: NotFound.
    """
    if campaign_id != found.id:
        raise NotFound


def touch(found: Campaign, at: datetime | None = None) -> None:
    """Note the change and write it."""
    found.changed_at = at or clock.now()
    db.session.flush()


def record(actor: Actor, action: str, found: Campaign, **facts: Any) -> None:  # noqa: ANN401 - ids, numbers, states
    """Say in the record what was done."""
    audit.record(actor, action, KIND, found.id, coalition_id=found.coalition_id, facts=facts)
