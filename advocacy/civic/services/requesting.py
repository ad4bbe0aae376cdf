"""Ask the worker to fetch packs."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from advocacy.audit.services import record
from advocacy.civic.services import feeds, operators
from advocacy.civic.source_models import PackSource
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.queue.port import enqueue

UPDATE_NAME = "civic.update_source"
_ONE_AT_A_TIME = "civic.update"
_NIGHTLY, _ASKED = 70, 45


def request_update(actor: Actor, name: str | None = None) -> int:
    """Ask for one feed, or for all of them, now; give how many.

    Raises: NotFound for a feed that is not configured, RuleBroken where fetching is forbidden.
    """
    operators.require(actor)
    if not feeds.is_allowed():
        raise RuleBroken(_("The settings forbid to fetch anything from outside (civic.outside)."))
    wanted = [feed.name for feed in feeds.configured() if name in {None, feed.name}]
    if not wanted:
        raise NotFound(_("No address is set from which this pack could be fetched."))
    for one in wanted:
        ask_for(one, priority=_ASKED)
    record(actor, "civic.update_asked", "pack_source", name or "all", facts={"count": len(wanted)})
    return len(wanted)


def ask_for(name: str, *, at: datetime | None = None, priority: int = _NIGHTLY) -> None:
    """Put one feed into the queue; one that waits already stands for this one too.

    Needs: a writing unit.
    """
    row = db.session.get(PackSource, name)
    if row is None:
        row = PackSource(name=name, validators={})
        db.session.add(row)
    row.asked_at = clock.now()
    key = f"{UPDATE_NAME}:{name}"
    enqueue(
        db.session(), UPDATE_NAME, {"feed": name}, run_at=at, priority=priority, lock=_ONE_AT_A_TIME, dedupe_key=key
    )
