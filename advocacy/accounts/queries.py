"""Reads about accounts and sessions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import exists, select

from advocacy.accounts import rules
from advocacy.accounts.models import PlatformRole, User, UserSession
from advocacy.core import clock, crypto
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.tokens import token_hash


@dataclass(frozen=True)
class Profile:
    """An account as its owner sees it."""

    public_id: str
    name: str
    email: str
    locale: str
    is_verified: bool


@dataclass(frozen=True)
class SignedIn:
    """A live session and whose it is."""

    session_id: int
    user_id: int
    public_id: str
    coalition_id: int | None
    locale: str
    name: str
    fresh_at: datetime
    last_seen_at: datetime


def open_email(user: User) -> str:
    """The account's address."""
    return crypto.open_sealed(user.email_sealed, table="user_account", column="email", row=user.public_id)


def open_name(user: User) -> str:
    """The account's name."""
    return crypto.open_sealed(user.name_sealed, table="user_account", column="name", row=user.public_id)


def email_key(email: str) -> bytes:
    """The keyed hash by which an address is found."""
    return crypto.blind_index("user_account.email", rules.canonical_email(email))


def user_of_email(email: str) -> User | None:
    """The account of an address, whether disabled or not."""
    return db.session.execute(select(User).where(User.email_key == email_key(email))).scalar_one_or_none()


def find_user_id(email: str) -> int | None:
    """The id of an address's account that is not disabled."""
    user = user_of_email(email)
    return user.id if user is not None and user.disabled_at is None else None


def contact(user_id: int) -> tuple[str, str, str]:
    """Name, address and locale of an account, for mails to it.

    Raises: NotFound when there is none or it is disabled.
    """
    user = db.session.get(User, user_id)
    if user is None or user.disabled_at is not None:
        raise NotFound
    return open_name(user), open_email(user), user.locale


def profile(user_id: int) -> Profile:
    """The account as its owner sees it.

    Raises: NotFound.
    """
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound
    is_verified = user.email_verified_at is not None
    return Profile(user.public_id, open_name(user), open_email(user), user.locale, is_verified)


def names(user_ids: Collection[int]) -> dict[int, str]:
    """The names of accounts by id, also of disabled ones: a record of deeds names them."""
    found = db.session.execute(select(User).where(User.id.in_(user_ids))).scalars()
    return {user.id: open_name(user) for user in found}


def any_user() -> bool:
    """Whether anybody has an account yet."""
    return bool(db.session.execute(select(exists(select(User.id)))).scalar())


def platform_roles(user_id: int) -> frozenset[str]:
    """Roles held without a coalition."""
    found = select(PlatformRole.role).where(PlatformRole.user_id == user_id, PlatformRole.ended_at.is_(None))
    return frozenset(db.session.execute(found).scalars())


def operators() -> list[int]:
    """Accounts that run the house now."""
    found = (
        select(PlatformRole.user_id)
        .join(User, User.id == PlatformRole.user_id)
        .where(PlatformRole.ended_at.is_(None), User.disabled_at.is_(None))
        .distinct()
        .order_by(PlatformRole.user_id)
    )
    return list(db.session.scalars(found))


def session_of(token: str | None) -> SignedIn | None:
    """The live session behind a cookie's token: within its idle and absolute limits, of an account not disabled."""
    if token is None:
        return None
    found = db.session.execute(
        select(UserSession, User)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.token_hash == token_hash(token))
    ).one_or_none()
    if found is None:
        return None
    session, user = found
    now = clock.now()
    idle = timedelta(minutes=current_app.extensions["advocacy.settings"].security.session_idle_min)
    if user.disabled_at is not None or now >= session.expires_at or now - session.last_seen_at >= idle:
        return None
    return SignedIn(
        session.id,
        user.id,
        session.public_id,
        session.coalition_id,
        user.locale,
        open_name(user),
        session.fresh_at,
        session.last_seen_at,
    )


def sessions_of(user_id: int) -> list[UserSession]:
    """The account's sessions within their absolute limit, newest first."""
    return list(
        db.session.execute(
            select(UserSession)
            .where(UserSession.user_id == user_id, UserSession.expires_at > clock.now())
            .order_by(UserSession.id.desc())
        ).scalars()
    )
