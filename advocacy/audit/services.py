"""Record a deed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from advocacy.audit.models import AuditEvent
from advocacy.core.actor import Actor
from advocacy.core.db import db


def record(
    actor: Actor,
    action: str,
    object_kind: str,
    object_id: int | str,
    *,
    coalition_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Add one event to the caller's transaction: it stands if and only if the deed stands.

    ``facts`` are ids, numbers, states: never a name, an address or free text of a person.
    """
    db.session.add(
        AuditEvent(
            actor=actor.label,
            user_id=actor.user_id,
            coalition_id=coalition_id if coalition_id is not None else actor.coalition_id,
            action=action,
            object_kind=object_kind,
            object_id=str(object_id),
            facts=dict(facts or {}),
            request_id=actor.request_id,
        )
    )
