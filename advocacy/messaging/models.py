"""Mail as rows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, LargeBinary, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, one_of


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


class LotState(StrEnum):
    """Where a lot stands; a cancelled one never leaves again."""

    LEAVING = "leaving"
    PAUSED = "paused"
    CANCELLED = "cancelled"


_SINGLE = text("lot_id IS NULL")
_SINGLE_DUE = text("next_at IS NOT NULL AND lot_id IS NULL")
_OF_LOT = text("lot_id IS NOT NULL")
_OF_LOT_DUE = text("next_at IS NOT NULL AND lot_id IS NOT NULL")
_OF_LOT_DEAD = text("lot_id IS NOT NULL AND state = 'dead'")


class Mail(Model):
    """One mail to one person. What it says is made from rows when it is sent, so nothing of it is stored here.

    A single mail has its address sealed in ``recipient``; one of a lot names its person, whose address is opened when
    it leaves. Lots are never deleted, and their mails come by the million: so no foreign key, and few indexes.
    """

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'claimed', 'failed', 'sent', 'dead', 'suppressed')", name="state"),
        CheckConstraint("(service_basis IS NULL) <> (opt_in_id IS NULL)", name="one_basis"),  # I-146
        CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name="sent_has_time"),
        CheckConstraint("state NOT IN ('queued', 'claimed', 'failed') OR next_at IS NOT NULL", name="waiting_has_time"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("(lot_id IS NULL) = (contact_id IS NULL)", name="lot_has_contact"),
        CheckConstraint("lot_id IS NULL OR recipient IS NULL", name="lot_copies_no_address"),
        UniqueConstraint("public_id"),
        UniqueConstraint("key"),
        Index("ix_mail_due", "next_at", sqlite_where=_SINGLE_DUE, postgresql_where=_SINGLE_DUE),
        Index("ix_mail_state", "state", "id", sqlite_where=_SINGLE, postgresql_where=_SINGLE),
        Index(
            "ix_mail_coalition_id_state_id",
            "coalition_id",
            "state",
            "id",
            sqlite_where=_SINGLE,
            postgresql_where=_SINGLE,
        ),
        Index("ix_mail_object", "object_kind", "object_id", sqlite_where=_SINGLE, postgresql_where=_SINGLE),
        Index("uq_mail_lot", "lot_id", "contact_id", unique=True, sqlite_where=_OF_LOT, postgresql_where=_OF_LOT),
        Index("ix_mail_lot_due", "lot_id", "next_at", "id", sqlite_where=_OF_LOT_DUE, postgresql_where=_OF_LOT_DUE),
        Index("ix_mail_lot_dead", "lot_id", "id", sqlite_where=_OF_LOT_DEAD, postgresql_where=_OF_LOT_DEAD),
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
    lot_id: Mapped[int | None] = mapped_column(BigId)
    contact_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    last_code: Mapped[int | None] = mapped_column(SmallInteger)
    last_reason: Mapped[str | None] = mapped_column(String(60))


class MailLot(Model):
    """Mail of one kind about one object to many people: whether it may leave, how far it is, who sends it now.

    ``fence`` numbers the batches; ``batch`` holds the mails of the one in hand and ``position`` the one that is being
    handed over, so that after a crash at most that one is sent again. ``next_at``: when it wants to be looked at.
    """

    __tablename__ = "mail_lot"
    __table_args__ = (
        CheckConstraint(one_of("state", LotState), name="state"),
        CheckConstraint(
            "sent_count >= 0 AND dead_count >= 0 AND suppressed_count >= 0 "
            "AND sent_count + dead_count + suppressed_count <= queued_count",
            name="counts",
        ),
        UniqueConstraint("public_id"),
        UniqueConstraint("kind", "object_kind", "object_id"),
        Index("ix_mail_lot_object", "object_kind", "object_id"),
        Index("ix_mail_lot_coalition_id_id", "coalition_id", "id"),
        Index(
            "ix_mail_lot_waits",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22))
    kind: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[int] = mapped_column(BigId)
    coalition_id: Mapped[int | None] = mapped_column(BigId)
    state: Mapped[LotState] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(60))
    priority: Mapped[int] = mapped_column(SmallInteger)
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    served_at: Mapped[datetime] = mapped_column(Instant)
    fence: Mapped[int]
    batch: Mapped[list[int]] = mapped_column(JSON)
    position: Mapped[int | None] = mapped_column(BigId)
    queued_count: Mapped[int]
    sent_count: Mapped[int]
    dead_count: Mapped[int]
    suppressed_count: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def waiting_count(self) -> int:
        """How many mails have not ended."""
        return self.queued_count - self.sent_count - self.dead_count - self.suppressed_count


class MailPace(Model):
    """How fast lots may go to one mail domain, which is kept as a keyed hash.

    ``free_at`` runs ahead of the clock by one interval for each mail; ``slow_until``: it said "later".
    """

    __tablename__ = "mail_pace"
    __table_args__ = (CheckConstraint("strikes >= 0", name="strikes"),)

    domain_index: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    free_at: Mapped[datetime] = mapped_column(Instant)
    slow_until: Mapped[datetime | None] = mapped_column(Instant)
    strikes: Mapped[int]


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
