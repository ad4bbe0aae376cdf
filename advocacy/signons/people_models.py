"""Tables of people who sign a letter for themselves, beside the organizations."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, append_only, guarded, one_of
from advocacy.signons import people_guards

KEY_BYTES = 32
MAX_MAILS = 5


class PersonState(StrEnum):
    """Where a person stands with a letter; only ``signed`` counts."""

    PENDING = "pending"
    SIGNED = "signed"
    NEEDS_RECONFIRM = "needs_reconfirm"
    RESCINDED = "rescinded"
    REMOVED = "removed"


class PersonShown(StrEnum):
    """How a person stands under the letter."""

    FULL = "full"
    COUNTED = "counted"


class LetterPeople(Model):
    """A letter that people may sign for themselves, and how many do; ``is_open`` is the organizers' word.

    ``consent_text_id`` are the words that people agree to.
    """

    __tablename__ = "letter_people"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "letter_id"], ["sign_on_letter.coalition_id", "sign_on_letter.id"]),
        CheckConstraint("signed_count >= 0", name="not_negative"),
    )

    letter_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    is_open: Mapped[bool] = mapped_column(Boolean)
    consent_text_id: Mapped[int] = mapped_column(ForeignKey("consent_text.id"))
    signed_count: Mapped[int] = mapped_column(Integer, default=0)


_LIVE = text("state IN ('pending', 'signed', 'needs_reconfirm')")


class PersonalSignOn(Model):
    """One person's own name under a letter, confirmed by mail. Name and address are sealed, and empty once erased.

    ``consent_text_id`` are the words that were agreed to; ``email_key`` finds the address within the coalition.
    """

    __tablename__ = "personal_sign_on"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "letter_id"], ["sign_on_letter.coalition_id", "sign_on_letter.id"]),
        UniqueConstraint("public_id"),
        CheckConstraint(one_of("state", PersonState), name="state"),
        CheckConstraint(one_of("shown", PersonShown), name="shown"),
        CheckConstraint(
            "erased_at IS NOT NULL OR (name IS NOT NULL AND email IS NOT NULL AND email_key IS NOT NULL)", name="named"
        ),
        CheckConstraint(
            "erased_at IS NULL OR (name IS NULL AND email IS NULL AND email_key IS NULL AND place = '')", name="erased"
        ),
        CheckConstraint("state NOT IN ('rescinded', 'removed') OR erased_at IS NOT NULL", name="gone_is_erased"),
        CheckConstraint("(state = 'pending') = (confirm_nonce IS NOT NULL)", name="confirmed_once"),
        CheckConstraint("state <> 'pending' OR confirm_until IS NOT NULL", name="pending_ends"),
        CheckConstraint("state <> 'signed' OR signed_at IS NOT NULL", name="signed_at"),
        CheckConstraint(f"mail_count BETWEEN 0 AND {MAX_MAILS}", name="mail_count"),
        # A mailbox stands under a letter once.
        Index(
            "uq_personal_sign_on_live",
            "letter_id",
            "email_key",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_personal_sign_on_letter_id_state", "letter_id", "state", "id"),
        Index("ix_personal_sign_on_email_key", "coalition_id", "email_key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    letter_id: Mapped[int] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    state: Mapped[str] = mapped_column(String(16), default=PersonState.PENDING)
    shown: Mapped[str] = mapped_column(String(12), default=PersonShown.FULL)
    text_version: Mapped[int] = mapped_column(Integer)
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    place: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_key: Mapped[bytes | None] = mapped_column(LargeBinary(KEY_BYTES))
    consent_text_id: Mapped[int] = mapped_column(ForeignKey("consent_text.id"))
    locale: Mapped[str] = mapped_column(String(16), default="en")
    confirm_nonce: Mapped[str | None] = mapped_column(String(22))
    confirm_until: Mapped[datetime | None] = mapped_column(Instant)
    manage_nonce: Mapped[str] = mapped_column(String(22))
    mail_count: Mapped[int] = mapped_column(SmallInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    signed_at: Mapped[datetime | None] = mapped_column(Instant)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)


class PeopleManifest(Model):
    """The people under a frozen letter: ``items`` pair a row's public id with the keyed digest of what is shown."""

    __tablename__ = "letter_people_manifest"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "letter_id"], ["sign_on_letter.coalition_id", "sign_on_letter.id"]),
        CheckConstraint("signed_count > 0", name="signers"),
    )

    letter_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    signed_count: Mapped[int] = mapped_column(Integer)
    items: Mapped[list[list[str]]] = mapped_column(JSON)
    frozen_at: Mapped[datetime] = mapped_column(Instant)


append_only(PeopleManifest.__table__)  # type: ignore[arg-type]
guarded(PersonalSignOn.__table__, people_guards.PERSON)  # type: ignore[arg-type]
