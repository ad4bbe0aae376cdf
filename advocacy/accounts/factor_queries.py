"""Reads about second factors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from advocacy.accounts.factor_models import Passkey, PendingSignIn, RecoveryCode, TotpFactor
from advocacy.accounts.models import User
from advocacy.core import clock, crypto
from advocacy.core.db import db
from advocacy.core.tokens import token_hash


@dataclass(frozen=True)
class Key:
    """A passkey as its owner sees it."""

    public_id: str
    name: str
    is_backed_up: bool
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True)
class Factors:
    """The second steps that an account has."""

    totp_since: datetime | None
    passkeys: tuple[Key, ...]
    codes_left: int

    @property
    def count(self) -> int:
        """How many second steps there are; codes on paper only stand in for one."""
        return len(self.passkeys) + (self.totp_since is not None)


def has_factor(user_id: int) -> bool:
    """Whether the account has a second step at sign-in."""
    totp = exists().where(TotpFactor.user_id == user_id, TotpFactor.secret_sealed.is_not(None))
    key = exists().where(Passkey.user_id == user_id)
    return bool(db.session.execute(select(totp | key)).scalar())


def has_totp(user_id: int) -> bool:
    """Whether the account's second step can be a code of an app."""
    found = select(exists().where(TotpFactor.user_id == user_id, TotpFactor.secret_sealed.is_not(None)))
    return bool(db.session.execute(found).scalar())


def totp_of(user_id: int) -> TotpFactor | None:
    """The account's row of app codes, confirmed or not."""
    return db.session.execute(select(TotpFactor).where(TotpFactor.user_id == user_id)).scalar_one_or_none()


def passkeys_of(user_id: int) -> list[Passkey]:
    """The account's passkeys, oldest first."""
    return list(db.session.execute(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)).scalars())


def codes_left(user_id: int) -> int:
    """How many recovery codes are unused."""
    unused = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return int(db.session.execute(unused).scalar_one())


def factors_of(user_id: int) -> Factors:
    """Everything the owner's page shows."""
    totp = totp_of(user_id)
    return Factors(
        totp.confirmed_at if totp is not None else None,
        tuple(
            Key(key.public_id, key_name(key), key.is_backed_up, key.created_at, key.last_used_at)
            for key in passkeys_of(user_id)
        ),
        codes_left(user_id),
    )


def key_name(key: Passkey) -> str:
    """What the owner calls the passkey."""
    return crypto.open_sealed(key.name_sealed, table="passkey", column="name", row=key.public_id)


def pending_of(token: str | None) -> PendingSignIn | None:
    """The sign-in that waits for its second step, behind a cookie's token."""
    if token is None:
        return None
    found = db.session.execute(
        select(PendingSignIn)
        .join(User, User.id == PendingSignIn.user_id)
        .where(
            PendingSignIn.token_hash == token_hash(token),
            PendingSignIn.expires_at > clock.now(),
            User.disabled_at.is_(None),
        )
    )
    return found.scalar_one_or_none()
