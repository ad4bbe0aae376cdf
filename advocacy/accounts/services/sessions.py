"""Sessions are rows: begun at sign-in, seen while in use, ended at once everywhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from flask import current_app
from sqlalchemy import delete, select, update

from advocacy.accounts import factor_queries
from advocacy.accounts.models import KnownDevice, UserSession
from advocacy.accounts.queries import SignedIn
from advocacy.core import clock, tokens, uow
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.ids import new_public_id
from advocacy.web.manifest import house

SEEN_EVERY = timedelta(minutes=5)


def begin_session(user_id: int, coalition_id: int | None = None, *, agent: str = "") -> str:
    """A new session; gives the token for the cookie, which is stored nowhere."""
    token = tokens.new_token()
    now = clock.now()
    hours = current_app.extensions["advocacy.settings"].security.session_absolute_h
    db.session.add(
        UserSession(
            public_id=new_public_id(),
            token_hash=tokens.token_hash(token),
            user_id=user_id,
            coalition_id=coalition_id,
            agent=agent,
            access=_access(user_id),
            created_at=now,
            last_seen_at=now,
            fresh_at=now,
            expires_at=now + timedelta(hours=hours),
        )
    )
    db.session.flush()
    return token


def _access(user_id: int) -> str:
    """How far a session of this account reaches; the database holds the same rule against it (domain I-004)."""
    if current_app.extensions["advocacy.settings"].security.second_factor == "off":
        return "waived"
    must = house().standing(user_id).must_have_factor
    return "enrolling" if must and not factor_queries.has_factor(user_id) else "full"


def note_seen(found: SignedIn) -> None:
    """Write down that a session is in use, at most once in five minutes, behind the request."""
    now = clock.now()
    if now - found.last_seen_at >= SEEN_EVERY:
        uow.afterwards(partial(_mark_seen, found.session_id, now))


def _mark_seen(session_id: int, now: datetime) -> None:
    db.session.execute(update(UserSession).where(UserSession.id == session_id).values(last_seen_at=now))


def freshen(user_id: int, token: str | None) -> str:
    """Give a session a new token and count it as fresh from now on; the old token dies.

    Raises: NotFound.
    """
    made = tokens.new_token()
    renewed = db.session.execute(
        update(UserSession)
        .where(UserSession.token_hash == tokens.token_hash(token or ""), UserSession.user_id == user_id)
        .values(token_hash=tokens.token_hash(made), fresh_at=clock.now())
        .returning(UserSession.id)
    ).scalar_one_or_none()
    if renewed is None:
        raise NotFound
    return made


def view_coalition(session_id: int, coalition_id: int) -> None:
    """Put another coalition in view of a session; the caller has checked that it may be seen."""
    db.session.execute(update(UserSession).where(UserSession.id == session_id).values(coalition_id=coalition_id))


def end_session(token: str | None) -> None:
    """End the session of a cookie."""
    if token is not None:
        db.session.execute(delete(UserSession).where(UserSession.token_hash == tokens.token_hash(token)))


def end_own_session(actor: Actor, public_id: str) -> None:
    """End one of the actor's own sessions.

    Raises: NotFound.
    """
    ended = db.session.execute(
        delete(UserSession)
        .where(UserSession.user_id == actor.user_id, UserSession.public_id == public_id)
        .returning(UserSession.id)
    ).scalar_one_or_none()
    if ended is None:
        raise NotFound


def end_sessions(user_id: int) -> None:
    """End every session of an account: on every node, from the next request on."""
    db.session.execute(delete(UserSession).where(UserSession.user_id == user_id))


def purge(before: datetime, limit: int) -> int:
    """Drop sessions whose absolute limit lies before ``before``."""
    ids = select(UserSession.id).where(UserSession.expires_at < before).limit(limit)
    return int(db.session.execute(delete(UserSession).where(UserSession.id.in_(ids))).rowcount)  # type: ignore[attr-defined]


def purge_devices(before: datetime, limit: int) -> int:
    """Forget devices that were not used since ``before``."""
    ids = select(KnownDevice.id).where(KnownDevice.last_used_at < before).limit(limit)
    return int(db.session.execute(delete(KnownDevice).where(KnownDevice.id.in_(ids))).rowcount)  # type: ignore[attr-defined]
