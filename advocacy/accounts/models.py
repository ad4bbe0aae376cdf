"""Tables of accounts: addresses and names are sealed, tokens are hashed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, guarded


class PlatformRoleName(StrEnum):
    """Roles that hold without a coalition."""

    ADMIN = "admin"


class LinkPurpose(StrEnum):
    """What a mailed link of an account does."""

    RECOVER = "recover"
    VERIFY = "verify"
    CHANGE = "change"


class User(Model):
    """Somebody who can sign in; the address is found by its keyed hash."""

    __tablename__ = "user_account"
    __table_args__ = (UniqueConstraint("public_id"), UniqueConstraint("email_key"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22))
    email_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    email_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    password_hash: Mapped[str] = mapped_column(String(200))
    password_at: Mapped[datetime] = mapped_column(Instant)
    is_password_short: Mapped[bool] = mapped_column(Boolean, default=False)
    email_verified_at: Mapped[datetime | None] = mapped_column(Instant)
    locale: Mapped[str] = mapped_column(String(16), default="en")
    created_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)


class PlatformRole(Model):
    """A role of the whole platform, from its grant to its end."""

    __tablename__ = "platform_role"
    __table_args__ = (
        CheckConstraint("role IN ('admin')", name="role"),
        CheckConstraint("granted_by IS NULL OR granted_by <> user_id", name="not_by_oneself"),
        Index(
            "uq_platform_role_live",
            "user_id",
            "role",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[str] = mapped_column(String(30))
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    granted_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class UserSession(Model):
    """A signed-in browser: the cookie holds the token, the row its hash.

    ``coalition_id`` is the coalition in view, without foreign key (coalitions lie above). ``agent`` says in two words
    which browser it is, for the owner's list; ``fresh_at`` is when its person last proved who they are. ``access``:
    ``full``, ``enrolling`` (only to a second factor) or ``waived`` (nobody is asked for one); see domain I-004.
    """

    __tablename__ = "user_session"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("token_hash"),
        CheckConstraint("access IN ('full', 'enrolling', 'waived')", name="access"),
        Index("ix_user_session_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    coalition_id: Mapped[int | None] = mapped_column(BigInteger)
    agent: Mapped[str] = mapped_column(String(40), default="")
    access: Mapped[str] = mapped_column(String(10), server_default="enrolling")
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    fresh_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)


class KnownDevice(Model):
    """A browser from which this account signed in before: strangers cannot use up its attempts."""

    __tablename__ = "known_device"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_known_device_user_id", "user_id"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_used_at: Mapped[datetime] = mapped_column(Instant, index=True)


class SetUpLink(Model):
    """A one-time link with which the first administrator is made."""

    __tablename__ = "set_up_link"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class AccountLink(Model):
    """A link mailed to an account: derived from ``nonce``, used once; using it clears the nonce.

    ``email_key`` is the account's address when the link was made: a link dies with the address it was made for.
    ``new_email_sealed`` is the address that a link of purpose ``change`` was sent to.
    """

    __tablename__ = "account_link"
    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint("purpose IN ('recover', 'verify', 'change')", name="purpose"),
        CheckConstraint("(used_at IS NULL) = (nonce IS NOT NULL)", name="used_once"),
        CheckConstraint("(purpose = 'change') = (new_email_sealed IS NOT NULL)", name="new_address"),
        Index("ix_account_link_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(20))
    nonce: Mapped[str | None] = mapped_column(String(22))
    email_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    new_email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class RecoveryRequest(Model):
    """Somebody typed an address to get a new password; the worker looks whether it is known, and forgets it."""

    __tablename__ = "recovery_request"
    __table_args__ = (UniqueConstraint("public_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22))
    email_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Instant)


_REFUSAL = "the last administrator of the platform stays"
_OTHER = """EXISTS (
    SELECT 1 FROM platform_role p JOIN user_account u ON u.id = p.user_id
    WHERE p.role = 'admin' AND p.ended_at IS NULL AND u.disabled_at IS NULL AND p.user_id <> OLD.{key})"""
_ROLE_GOES = f"OLD.role = 'admin' AND OLD.ended_at IS NULL AND NOT {_OTHER.format(key='user_id')}"
_HOLDS = "EXISTS (SELECT 1 FROM platform_role r WHERE r.user_id = OLD.id AND r.role = 'admin' AND r.ended_at IS NULL)"
_ACCOUNT_GOES = f"OLD.disabled_at IS NULL AND {_HOLDS} AND NOT {_OTHER.format(key='id')}"
# 7235406482: any number that no other advisory lock of this database uses.
_SQLITE = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
LAST_ADMIN_GUARD = {
    "sqlite": [
        f"""CREATE TRIGGER platform_role_last_ends BEFORE UPDATE ON platform_role
        WHEN (NEW.ended_at IS NOT NULL OR NEW.role <> 'admin') AND {_ROLE_GOES} {_SQLITE}""",
        f"CREATE TRIGGER platform_role_last_goes BEFORE DELETE ON platform_role WHEN {_ROLE_GOES} {_SQLITE}",
        f"""CREATE TRIGGER platform_role_last_closed BEFORE UPDATE OF disabled_at ON user_account
        WHEN NEW.disabled_at IS NOT NULL AND {_ACCOUNT_GOES} {_SQLITE}""",
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION platform_role_last_admin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'DELETE' OR NEW.ended_at IS NOT NULL OR NEW.role <> 'admin' THEN
        PERFORM pg_advisory_xact_lock(7235406482);
        IF {_ROLE_GOES} THEN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END IF; END IF;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END $$""",
        f"""CREATE OR REPLACE FUNCTION user_account_last_admin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.disabled_at IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(7235406482);
        IF {_ACCOUNT_GOES} THEN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END IF; END IF;
        RETURN NEW; END $$""",
        """CREATE TRIGGER platform_role_last_admin BEFORE UPDATE OR DELETE ON platform_role FOR EACH ROW
        EXECUTE FUNCTION platform_role_last_admin()""",
        """CREATE TRIGGER user_account_last_admin BEFORE UPDATE OF disabled_at ON user_account FOR EACH ROW
        EXECUTE FUNCTION user_account_last_admin()""",
    ],
}
"""No key or check can say this (domain I-025); the lock lets two go one after the other, so that one of them stays."""

guarded(PlatformRole.__table__, LAST_ADMIN_GUARD)  # type: ignore[arg-type]
