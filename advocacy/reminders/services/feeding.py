"""Give an account a private calendar, and take it away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete

from advocacy.audit import services as audit
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotAllowed
from advocacy.core.tokens import new_token, token_hash
from advocacy.reminders.feed_models import CalendarFeed


def make_feed(actor: Actor) -> str:
    """A new secret address for one's own calendar; the old one ends. Gives the token, which is kept nowhere.

    Raises: NotAllowed for somebody without an account.
    """
    token, user_id = new_token(), _own(actor)
    row = db.session.get(CalendarFeed, user_id, with_for_update=True)
    if row is None:
        row = CalendarFeed(user_id=user_id, token_hash=token_hash(token), made_at=clock.now())
        db.session.add(row)
    row.token_hash, row.made_at = token_hash(token), clock.now()
    db.session.flush()
    audit.record(actor, "calendar.made", "user", user_id)
    return token


def end_feed(actor: Actor) -> None:
    """End one's own calendar: its address leads nowhere any more.

    Raises: NotAllowed for somebody without an account.
    """
    user_id = _own(actor)
    erase(user_id)
    audit.record(actor, "calendar.ended", "user", user_id)


def export(user_id: int) -> Mapping[str, Any]:
    """What is kept of an account's calendar."""
    row = db.session.get(CalendarFeed, user_id)
    return {"made_at": row.made_at.isoformat()} if row is not None else {}


def erase(user_id: int) -> None:
    """Forget an account's calendar."""
    gone = delete(CalendarFeed).where(CalendarFeed.user_id == user_id)
    db.session.execute(gone.execution_options(synchronize_session=False))


def _own(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotAllowed
    return actor.user_id
