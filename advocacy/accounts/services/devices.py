"""Browsers that signed in to an account before."""

from __future__ import annotations

from sqlalchemy import delete, exists, select, update

from advocacy.accounts.models import KnownDevice
from advocacy.core import clock, tokens
from advocacy.core.db import db


def is_known(user_id: int, token: str | None) -> bool:
    """Whether the browser signed in to this account before."""
    hashed = tokens.token_hash(token or "")
    found = select(exists().where(KnownDevice.token_hash == hashed, KnownDevice.user_id == user_id))
    return bool(db.session.execute(found).scalar())


def remember(user_id: int, token: str | None) -> str | None:
    """Note the browser; gives a token when it has none of this account's. One from outside is never adopted."""
    now = clock.now()
    if token is not None:
        known = db.session.execute(
            update(KnownDevice)
            .where(KnownDevice.token_hash == tokens.token_hash(token), KnownDevice.user_id == user_id)
            .values(last_used_at=now)
            .returning(KnownDevice.id)
        ).scalar_one_or_none()
        if known is not None:
            return None
    made = tokens.new_token()
    db.session.add(KnownDevice(token_hash=tokens.token_hash(made), user_id=user_id, created_at=now, last_used_at=now))
    db.session.flush()
    return made


def forget(user_id: int) -> None:
    """Forget every browser of an account."""
    db.session.execute(delete(KnownDevice).where(KnownDevice.user_id == user_id))
