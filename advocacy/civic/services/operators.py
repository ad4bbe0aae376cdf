"""Who looks after the packs: they are the whole site's, so it is nobody of a single coalition."""

from __future__ import annotations

from flask_babel import gettext as _

from advocacy.core.actor import Actor
from advocacy.core.errors import NotAllowed
from advocacy.web.manifest import house

MANAGE = "civic.manage"


def require(actor: Actor) -> None:
    """Refuse anybody else.

    Raises: NotAllowed.
    """
    if not house().can(actor, MANAGE):
        raise NotAllowed(_("Only the operator of this site can change its data packs."))
