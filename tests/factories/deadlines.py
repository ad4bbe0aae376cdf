"""Deadlines that coalitions keep themselves, for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.reminders import rules
from advocacy.reminders.services import keeping

TZ = "America/New_York"


def in_days(days: float) -> rules.Fixed:
    """A fixed rule so many days from now."""
    local = (clock.now() + timedelta(days=days)).replace(tzinfo=None, microsecond=0)
    return rules.Fixed(local, TZ)


def make_deadline(coalition_id: int, title: str = "Comments are due", **facts: Any) -> str:
    """A deadline in ten days, committed; gives its public id."""
    given = keeping.OwnWords(**{"title": title, "rule": in_days(10), "tz": TZ, "kind": "comment_period", **facts})
    with uow.unit():
        return keeping.add_own(system_actor(coalition_id=coalition_id), coalition_id, given).public_id


def drop(coalition_id: int, public_id: str) -> str:
    """Let it fall, committed; gives its public id."""
    with uow.unit():
        keeping.drop_own(system_actor(coalition_id=coalition_id), public_id)
    return public_id


def deadline_id(coalition_id: int, public_id: str) -> str:
    """Where its deadline stands."""
    with uow.reading():
        actor = system_actor(coalition_id=coalition_id)
        return str(keeping.queries.deadline_of(keeping.queries.own(actor, public_id)).id)
