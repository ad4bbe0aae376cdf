"""Tables of consent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, append_only


class Purpose(StrEnum):
    """What somebody may be written to for."""

    ACTION_ALERT = "action_alert"
    CAMPAIGN_NEWS = "campaign_news"
    EVENT = "event"
    SPEAKER_OPS = "speaker_ops"
    PEER = "peer"
    PARTNER_NEWS = "partner_news"


class Use(StrEnum):
    """What something of a person may be used for, besides writing to them."""

    SIGN_ON_NAME = "sign_on_name"


class OptInState(StrEnum):
    """Where an opt-in stands."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


PURPOSES = ", ".join(repr(str(purpose)) for purpose in Purpose)
TEXT_PURPOSES = ", ".join(repr(str(purpose)) for purpose in (*Purpose, *Use))


class ConsentText(Model):
    """The words that people agree to; a new version is a new row."""

    __tablename__ = "consent_text"
    __table_args__ = (
        UniqueConstraint("purpose", "locale", "version"),
        CheckConstraint(f"purpose IN ({TEXT_PURPOSES})", name="purpose"),
        CheckConstraint("version >= 1", name="version"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[str] = mapped_column(Text)
    active_from: Mapped[datetime] = mapped_column(Instant)


append_only(ConsentText.__table__)  # type: ignore[arg-type]


class OptIn(Model):
    """One person's leave to be written to for one purpose, from its beginning to its withdrawal.

    With ``organization_id`` the leave is that organization's alone, not the coalition's. ``proof`` says how it was
    given: a kind and ids, never personal text.
    """

    __tablename__ = "opt_in"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "person_id"], ["person.coalition_id", "person.id"]),
        UniqueConstraint("coalition_id", "id"),
        CheckConstraint("channel IN ('email')", name="channel"),
        CheckConstraint(f"purpose IN ({PURPOSES})", name="purpose"),
        CheckConstraint("state IN ('pending', 'confirmed', 'withdrawn')", name="state"),
        # Domain I-009: confirmed only with proof; withdrawn only with its time.
        CheckConstraint(
            "state <> 'confirmed' OR (confirmed_at IS NOT NULL AND has_proof)", name="confirmed_with_proof"
        ),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_at"),
        CheckConstraint("(purpose = 'partner_news') = (organization_id IS NOT NULL)", name="partner_is_named"),
        Index(
            "uq_opt_in_live",
            "coalition_id",
            "person_id",
            "channel",
            "purpose",
            unique=True,
            sqlite_where=text("state <> 'withdrawn' AND organization_id IS NULL"),
            postgresql_where=text("state <> 'withdrawn' AND organization_id IS NULL"),
        ),
        Index(
            "uq_opt_in_live_partner",
            "coalition_id",
            "person_id",
            "channel",
            "organization_id",
            unique=True,
            sqlite_where=text("state <> 'withdrawn' AND organization_id IS NOT NULL"),
            postgresql_where=text("state <> 'withdrawn' AND organization_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column()
    person_id: Mapped[int] = mapped_column()
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    channel: Mapped[str] = mapped_column(String(10))
    purpose: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    text_id: Mapped[int] = mapped_column(ForeignKey("consent_text.id"))
    has_proof: Mapped[bool] = mapped_column(default=False)
    proof: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
