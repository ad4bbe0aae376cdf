"""Deadlines and what was said before them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, one_of


class DeadlineState(StrEnum):
    """``missed``: its time passed and what was to happen then could not be done."""

    UPCOMING = "upcoming"
    MET = "met"
    MISSED = "missed"
    VOID = "void"


class ReminderState(StrEnum):
    """``scheduled`` until its time, ``claimed`` by a sweep, ``queued`` as a mail, ``done`` when that was sent.

    ``skipped``: too late to be of use; ``suppressed``: no longer wanted; both keep their reason.
    """

    SCHEDULED = "scheduled"
    CLAIMED = "claimed"
    QUEUED = "queued"
    DONE = "done"
    SUPERSEDED = "superseded"
    SUPPRESSED = "suppressed"
    SKIPPED = "skipped"


TO_COME = (ReminderState.SCHEDULED, ReminderState.CLAIMED)
OPEN = (*TO_COME, ReminderState.QUEUED)


class Deadline(Model):
    """A time by which something must be done. Moving it raises ``rev``.

    ``next_at`` is the next step (planning reminders, or the deadline itself), ``handed_at`` when the queue got it.
    ``rule`` (as ``rules.as_data``) says how it was counted from ``event_at``, ``source`` where that stands and
    ``verified_at`` when somebody last read it there. ``due_local`` and ``event_local`` are wall times of ``tz``: what
    was meant, whatever the clocks there do later; ``zone_data`` is the zone data by which they were made instants.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("kind", "object_kind", "object_id"),
        CheckConstraint("state IN ('upcoming', 'met', 'missed', 'void')", name="state"),
        CheckConstraint("(state = 'upcoming') = (next_at IS NOT NULL)", name="upcoming_has_next"),
        CheckConstraint("next_at IS NULL OR next_at <= due_at", name="next_before_due"),
        CheckConstraint("rev >= 1", name="rev"),
        CheckConstraint("(event_at IS NULL) = (event_local IS NULL)", name="event_where_it_is"),
        Index("ix_deadline_next", "next_at"),
        Index("ix_deadline_state_zone_data", "state", "zone_data"),
        Index("ix_deadline_coalition_id_due_at", "coalition_id", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    coalition_id: Mapped[int | None] = mapped_column(BigId)
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[int] = mapped_column(BigId)
    due_at: Mapped[datetime] = mapped_column(Instant)
    due_local: Mapped[str] = mapped_column(String(19))
    tz: Mapped[str] = mapped_column(String(64))
    rev: Mapped[int]
    state: Mapped[DeadlineState] = mapped_column(String(12))
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    rule: Mapped[Mapping[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    source: Mapped[str] = mapped_column(String(500), default="", server_default="")
    verified_at: Mapped[datetime | None] = mapped_column(Instant)
    event_at: Mapped[datetime | None] = mapped_column(Instant)
    event_local: Mapped[str | None] = mapped_column(String(19))
    zone_data: Mapped[str] = mapped_column(String(20), default="", server_default="")
    set_at: Mapped[datetime] = mapped_column(Instant)
    handed_at: Mapped[datetime | None] = mapped_column(Instant)


class Reminder(Model):
    """One reminder to one person, or the note that nobody was reminded (``recipient_id`` 0), and why.

    ``claim`` is the fence: only who holds its newest value may go on with a claimed row; ``claimed_until`` is when
    another may take it. ``is_digest``: it goes out with the others of this person, in one mail.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint(
            "deadline_id", "deadline_rev", "recipient_id", "offset_code", name="uq_reminder_once"
        ),  # I-142
        CheckConstraint(one_of("state", ReminderState), name="state"),
        CheckConstraint("fire_at <= due_at", name="fires_before_due"),  # I-145
        CheckConstraint("state NOT IN ('suppressed', 'skipped') OR reason IS NOT NULL", name="says_why"),  # I-144
        CheckConstraint("(state = 'claimed') = (claimed_until IS NOT NULL)", name="lease"),
        CheckConstraint("state <> 'claimed' OR claim IS NOT NULL", name="fence"),
        Index(
            "ix_reminder_due",
            "fire_at",
            "id",
            postgresql_where=text("state = 'scheduled'"),
            sqlite_where=text("state = 'scheduled'"),
        ),
        Index(
            "ix_reminder_claim",
            "claim",
            postgresql_where=text("state = 'claimed'"),
            sqlite_where=text("state = 'claimed'"),
        ),
        Index("ix_reminder_recipient", "recipient_id", "fire_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    deadline_id: Mapped[int] = mapped_column(BigId, ForeignKey("deadline.id", ondelete="CASCADE"))
    deadline_rev: Mapped[int]
    recipient_id: Mapped[int] = mapped_column(BigId)
    offset_code: Mapped[str] = mapped_column(String(20))
    fire_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[ReminderState] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(60))
    claim: Mapped[int | None] = mapped_column(BigInteger)
    claimed_until: Mapped[datetime | None] = mapped_column(Instant)
    is_digest: Mapped[bool] = mapped_column(default=False, server_default=false())
    made_at: Mapped[datetime] = mapped_column(Instant)
