"""Broadcasts for tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from advocacy.consent.models import Purpose
from advocacy.core import clock, uow
from advocacy.core.actor import Actor, system_actor
from advocacy.core.db import db
from advocacy.mailings.audiences import Rule
from advocacy.mailings.broadcast_models import Broadcast
from advocacy.mailings.services import queueing, stepping, writing
from advocacy.mailings.services.writing import Words

BODY = "Dear {first_name},\n\nthe **hearing** is on Tuesday. {coalition} will be there."


def make_broadcast(coalition_id: int, actor: Actor | None = None, rule: Rule | None = None, **words: Any) -> str:
    """A draft whose audience is counted; gives its public id."""
    actor = actor or system_actor(coalition_id=coalition_id)
    said = Words(**{"title": "", "subject": "Good news", "body": BODY, "name_fallback": "friend", **words})
    with uow.unit():
        made = writing.create_broadcast(actor, coalition_id, said, rule or Rule(Purpose.CAMPAIGN_NEWS))
        queueing.size_audience(made.id)
        return made.public_id


def plan(coalition_id: int, public_id: str, actor: Actor | None = None, local: datetime | None = None) -> None:
    """Send it in a minute, or at a wall time."""
    actor = actor or system_actor(coalition_id=coalition_id)
    with uow.unit():
        stepping.schedule_broadcast(actor, public_id, rev=row(public_id, ends=False).rev, local=local)


def row(public_id: str, *, ends: bool = True) -> Broadcast:
    """A broadcast as it is now; detached."""
    if ends:
        db.session.rollback()
    found = db.session.execute(
        select(Broadcast).where(Broadcast.public_id == public_id).execution_options(populate_existing=True)
    ).scalar_one()
    if ends:
        db.session.expunge(found)
        db.session.rollback()
    return found


def begin_sending(coalition_id: int, **words: Any) -> int:
    """A broadcast whose time has come, its first slice asked for and left to a worker; gives its id."""
    public_id = make_broadcast(coalition_id, **words)
    plan(coalition_id, public_id)
    made = row(public_id)
    with uow.unit():
        db.session.execute(
            update(Broadcast).where(Broadcast.id == made.id).values(scheduled_at=clock.now() - timedelta(seconds=1))
        )
        queueing.start_broadcast(made.id)
    return made.id
