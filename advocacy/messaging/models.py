"""Mail as rows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, LargeBinary, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model


class MailState(StrEnum):
    """Where a mail stands: ``failed`` is tried again, ``dead`` only when a person says so."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    FAILED = "failed"
    SENT = "sent"
    DEAD = "dead"
    SUPPRESSED = "suppressed"


WAITING = (MailState.QUEUED, MailState.CLAIMED, MailState.FAILED)
ENDED = (MailState.SENT, MailState.DEAD, MailState.SUPPRESSED)


class Mail(Model):
    """One mail to one address. What it says is made from rows when it is sent, so nothing of it is stored here."""

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'claimed', 'failed', 'sent', 'dead', 'suppressed')", name="state"),
        CheckConstraint("(service_basis IS NULL) <> (opt_in_id IS NULL)", name="one_basis"),  # I-146
        CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name="sent_has_time"),
        CheckConstraint("state NOT IN ('queued', 'claimed', 'failed') OR next_at IS NOT NULL", name="waiting_has_time"),
        CheckConstraint("attempts >= 0", name="attempts"),
        UniqueConstraint("public_id"),
        UniqueConstraint("key"),
        Index(
            "ix_mail_due",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
        Index("ix_mail_state", "state", "id"),
        Index("ix_mail_coalition_id_state_id", "coalition_id", "state", "id"),
        Index("ix_mail_object", "object_kind", "object_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22))
    kind: Mapped[str] = mapped_column(String(60))
    state: Mapped[MailState] = mapped_column(String(12))
    coalition_id: Mapped[int | None] = mapped_column(BigId)
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[int] = mapped_column(BigId)
    object_rev: Mapped[int]
    recipient: Mapped[bytes | None] = mapped_column(LargeBinary)
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    locale: Mapped[str] = mapped_column(String(12))
    priority: Mapped[int] = mapped_column(SmallInteger)
    attempts: Mapped[int]
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    tries_from: Mapped[datetime] = mapped_column(Instant)
    message_id: Mapped[str] = mapped_column(String(200))
    key: Mapped[str | None] = mapped_column(String(120))
    service_basis: Mapped[str | None] = mapped_column(String(60))
    opt_in_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    last_code: Mapped[int | None] = mapped_column(SmallInteger)
    last_reason: Mapped[str | None] = mapped_column(String(60))


class MailRoute(Model):
    """Whether the mail server can be reached: after failures all mail waits until ``closed_until``."""

    __tablename__ = "mail_route"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    failures: Mapped[int]
    closed_until: Mapped[datetime | None] = mapped_column(Instant)


class MailboxMessage(Model):
    """A mail of the demonstration, which never leaves the house; subject, text and address are sealed."""

    __tablename__ = "mailbox_message"
    __table_args__ = (UniqueConstraint("message_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    message_id: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(60))
    recipient: Mapped[bytes] = mapped_column(LargeBinary)
    recipient_index: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    subject: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    arrived_at: Mapped[datetime] = mapped_column(Instant)
