"""Tables of second factors and of the steps of a sign-in; secrets are sealed or hashed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model


class Ceremony(StrEnum):
    """What a passkey is asked for."""

    ENROL = "enrol"
    SIGN_IN = "sign_in"
    AGAIN = "again"


class TotpFactor(Model):
    """The codes of an app: the shared secret, sealed, and the last step whose code was used.

    ``pending_sealed`` is a secret shown for enrolment, which replaces the other when a first code proves it arrived.
    """

    __tablename__ = "totp_factor"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("user_id"),
        CheckConstraint("(secret_sealed IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        CheckConstraint("(pending_sealed IS NULL) = (pending_at IS NULL)", name="pending"),
        CheckConstraint("last_step >= 0", name="last_step"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    pending_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    pending_at: Mapped[datetime | None] = mapped_column(Instant)


class Passkey(Model):
    """A public key whose private half never leaves the person's device."""

    __tablename__ = "passkey"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("credential_id"),
        CheckConstraint("sign_count >= 0", name="sign_count"),
        Index("ix_passkey_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023))
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    transports: Mapped[list[Any]] = mapped_column(JSON)
    is_backed_up: Mapped[bool] = mapped_column(Boolean)
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)


class PasskeyChallenge(Model):
    """A question put to a browser once; ``bound_to`` is the hash of the cookie of the browser that may answer."""

    __tablename__ = "passkey_challenge"
    __table_args__ = (
        UniqueConstraint("challenge"),
        CheckConstraint("ceremony IN ('enrol', 'sign_in', 'again')", name="ceremony"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    challenge: Mapped[bytes] = mapped_column(LargeBinary(64))
    bound_to: Mapped[bytes] = mapped_column(LargeBinary(32))
    ceremony: Mapped[str] = mapped_column(String(12))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)


class RecoveryCode(Model):
    """A code on paper, for the day the phone is lost: kept as a keyed hash, used once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "code_key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    code_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class PendingSignIn(Model):
    """A sign-in whose password was right and whose second step is still to come."""

    __tablename__ = "pending_sign_in"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_pending_sign_in_user_id", "user_id"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    failure_count: Mapped[int] = mapped_column(Integer, default=0)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
