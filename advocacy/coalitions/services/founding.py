"""Making a coalition."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.audit import services as audit
from advocacy.coalitions import rules
from advocacy.coalitions.models import Coalition, CoalitionState
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.core.text import clean_line, has_control

NAME_LENGTH = 200


def create_coalition(actor: Actor, *, slug: str, name: str, tz: str, locale: str = "en") -> Coalition:
    """Make a coalition.

    Raises: NotAllowed, RuleBroken (field ``slug``, ``name`` or ``tz``), Conflict when the slug is taken.
    """
    require_platform_admin(actor)
    if not rules.is_slug(slug):
        raise RuleBroken(
            _("The short name may hold a to z, 0 to 9 and single hyphens inside, at most 80."), field="slug"
        )
    if not rules.is_timezone(tz):
        raise RuleBroken(_("There is no time zone of this name. An example: America/New_York"), field="tz")
    if db.session.execute(select(Coalition.id).where(Coalition.slug == slug)).scalar_one_or_none() is not None:
        raise Conflict(_("This short name is taken."), field="slug")
    made = Coalition(
        public_id=new_public_id(),
        slug=slug,
        name=checked_name(name),
        tz=tz,
        locale=locale,
        state=CoalitionState.ACTIVE,
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    audit.record(actor, "coalition.created", "coalition", made.id, coalition_id=made.id)
    return made


def require_platform_admin(actor: Actor) -> None:
    """Refuse everybody else.

    Raises: NotAllowed.
    """
    if not actor.is_system and "admin" not in actor.platform_roles:
        raise NotAllowed(_("Only an administrator of the platform can make a coalition."))


def checked_name(name: str) -> str:
    """The name, cleaned.

    Raises: RuleBroken (field ``name``).
    """
    cleaned = clean_line(name)
    if not cleaned or len(cleaned) > NAME_LENGTH or has_control(cleaned):
        raise RuleBroken(_("Give a name of at most %(num)s characters.", num=NAME_LENGTH), field="name")
    return cleaned
