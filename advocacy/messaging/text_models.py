"""Text messages as rows, the numbers of accounts that asked for them, and numbers that said stop."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, one_of


class TextState(StrEnum):
    """Where a text stands; ``failed`` is tried again, ``dead`` never."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    FAILED = "failed"
    SENT = "sent"
    DEAD = "dead"
    SUPPRESSED = "suppressed"


UNSENT = (TextState.QUEUED, TextState.FAILED)
_DUE = text("next_at IS NOT NULL")


class TextNumber(Model):
    """The number of an account, sealed; ``wording`` is what was agreed to, ``confirmed_at`` when the code came back.

    The code that is out is computed from ``code_id`` and kept nowhere.
    """

    __tablename__ = "text_number"
    __table_args__ = (CheckConstraint("confirmed_at IS NULL OR code_id IS NULL", name="confirmed_has_no_code"),)

    user_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    number: Mapped[bytes] = mapped_column(LargeBinary)
    number_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    code_id: Mapped[str | None] = mapped_column(String(22))
    code_until: Mapped[datetime] = mapped_column(Instant)
    wording: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)


class TextStop(Model):
    """A number that said stop, by its keyed hash, so that it holds when everything else of a person is erased."""

    __tablename__ = "text_stop"

    number_key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    stopped_at: Mapped[datetime] = mapped_column(Instant)


class TextMessage(Model):
    """One text to one account. Its words are made and the number is opened when it leaves: neither is kept here."""

    __tablename__ = "text_message"
    __table_args__ = (
        CheckConstraint(one_of("state", TextState), name="state"),
        CheckConstraint("(state IN ('queued', 'claimed', 'failed')) = (next_at IS NOT NULL)", name="waiting_has_time"),
        CheckConstraint("(next_at IS NULL) = (ended_at IS NOT NULL)", name="ended_has_time"),
        CheckConstraint("attempts >= 0", name="attempts"),
        UniqueConstraint("public_id"),
        UniqueConstraint("key"),
        Index("ix_text_message_due", "next_at", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_text_message_number_key", "number_key"),
        Index("ix_text_message_user_id", "user_id"),
        Index("ix_text_message_ended_at", "ended_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22))
    kind: Mapped[str] = mapped_column(String(60))
    state: Mapped[TextState] = mapped_column(String(12))
    coalition_id: Mapped[int | None] = mapped_column(BigId)
    user_id: Mapped[int] = mapped_column(BigId)
    number_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    locale: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int]
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    key: Mapped[str] = mapped_column(String(120))
    provider_id: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    last_reason: Mapped[str | None] = mapped_column(String(60))
