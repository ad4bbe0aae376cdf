"""What coalitions contribute to the house."""

from __future__ import annotations

from flask import g
from flask_login import current_user

from advocacy.coalitions import rules
from advocacy.coalitions.services import viewing
from advocacy.core.actor import ANONYMOUS, Actor
from advocacy.web.manifest import Manifest


def _actor() -> Actor:
    if not current_user.is_authenticated:
        return ANONYMOUS
    return viewing.actor_of(current_user.signed_in, g.get("request_id", ""))


MANIFEST = Manifest(name="coalitions", actor_source=_actor, can=rules.can)
