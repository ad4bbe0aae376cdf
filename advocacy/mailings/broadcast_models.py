"""Tables of broadcasts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, guarded, one_of
from advocacy.mailings import broadcast_guards as guards

OBJECT_KIND = "broadcast"


class BroadcastState(StrEnum):
    """Where a broadcast stands."""

    DRAFT = "draft"
    WAITING_APPROVAL = "waiting_approval"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


_LEFT = "state NOT IN ('sending', 'paused', 'done')"
_AHEAD = text("state IN ('scheduled', 'sending')")
_LATE = text("late_next_at IS NOT NULL")
_TALLY = text("tally_next_at IS NOT NULL")


class Broadcast(Model):
    """One mail to everybody a rule means.

    ``rev`` numbers the words and the audience together: size, sample and approval hold for one ``rev``.
    ``scheduled_local`` is the wall time of ``tz`` that somebody chose, ``scheduled_at`` its instant.
    ``queued_to`` is the last person of the walk over the audience, ``queued_at`` its end; ``late_until`` lets those
    who join until then get it too, at ``late_next_at``. ``sample`` holds ids of persons, never more; ``tally`` how many
    mails ended why.
    """

    __tablename__ = "broadcast"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "campaign_id"], ["campaign.coalition_id", "campaign.id"]),
        ForeignKeyConstraint(["coalition_id", "petition_id"], ["petition.coalition_id", "petition.id"]),
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "id"),
        CheckConstraint(one_of("state", BroadcastState), name="state"),
        CheckConstraint("purpose IN ('campaign_news', 'action_alert', 'event')", name="purpose"),
        CheckConstraint("rev >= 1", name="rev"),
        CheckConstraint("state NOT IN ('waiting_approval', 'scheduled') OR scheduled_at IS NOT NULL", name="has_time"),
        CheckConstraint("(scheduled_at IS NULL) = (scheduled_local IS NULL)", name="has_wall_time"),
        CheckConstraint(f"{_LEFT} OR started_at IS NOT NULL", name="started"),
        CheckConstraint("state NOT IN ('draft', 'waiting_approval', 'scheduled') OR started_at IS NULL", name="unsent"),
        CheckConstraint("(state IN ('done', 'cancelled')) = (ended_at IS NOT NULL)", name="ended_at"),
        # A second person, for these very words and this very audience.
        CheckConstraint(
            f"state <> 'scheduled' AND {_LEFT} OR NOT needs_approval OR approved_by IS NOT NULL", name="approved"
        ),
        CheckConstraint(
            "approved_by IS NULL OR (approved_by <> created_by AND approved_by <> edited_by)", name="second_person"
        ),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_at"),
        CheckConstraint("approved_by IS NULL AND approved_rev IS NULL OR approved_rev = rev", name="approved_rev"),
        CheckConstraint("size_count IS NULL OR size_count >= 0", name="size_count"),
        CheckConstraint("(size_count IS NULL) = (size_rev IS NULL)", name="size_rev"),
        CheckConstraint("queued_to >= 0", name="queued_to"),
        Index("ix_broadcast_list", "coalition_id", "id"),
        Index("ix_broadcast_ahead", "state", "scheduled_at", sqlite_where=_AHEAD, postgresql_where=_AHEAD),
        Index("ix_broadcast_late", "late_next_at", sqlite_where=_LATE, postgresql_where=_LATE),
        Index("ix_broadcast_tally", "tally_next_at", sqlite_where=_TALLY, postgresql_where=_TALLY),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    campaign_id: Mapped[int | None] = mapped_column(BigInteger)
    petition_id: Mapped[int | None] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    title: Mapped[str] = mapped_column(String(150))
    subject: Mapped[str] = mapped_column(String(150))
    body: Mapped[str] = mapped_column(Text)
    name_fallback: Mapped[str] = mapped_column(String(40))
    locale: Mapped[str] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(String(20))
    audience: Mapped[dict[str, Any]] = mapped_column(JSON)
    rev: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(20), default=BroadcastState.DRAFT)
    tz: Mapped[str] = mapped_column(String(64))
    scheduled_at: Mapped[datetime | None] = mapped_column(Instant)
    scheduled_local: Mapped[datetime | None] = mapped_column(DateTime)
    size_count: Mapped[int | None] = mapped_column(Integer)
    size_rev: Mapped[int | None] = mapped_column(Integer)
    sample: Mapped[list[int]] = mapped_column(JSON, default=list)
    needs_approval: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    approved_rev: Mapped[int | None] = mapped_column(Integer)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    queued_to: Mapped[int] = mapped_column(BigInteger, default=0)
    queued_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    late_until: Mapped[datetime | None] = mapped_column(Instant)
    late_next_at: Mapped[datetime | None] = mapped_column(Instant)
    late_count: Mapped[int | None] = mapped_column(Integer)
    tally: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    tally_next_at: Mapped[datetime | None] = mapped_column(Instant)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    edited_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


guarded(Broadcast.__table__, guards.BROADCAST)  # type: ignore[arg-type]


class ProofReader(Model):
    """Somebody of the coalition who gets each broadcast as a test before it goes out."""

    __tablename__ = "broadcast_test_reader"
    __table_args__ = (UniqueConstraint("coalition_id", "user_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
