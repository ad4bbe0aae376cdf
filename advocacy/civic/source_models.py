"""What every process knows of the sources outside: how they fare, what they said. No address, no point, no key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import Instant, Model


class SourceState(Model):
    """How a source fares: one row a route group for its circuit, and one with an empty route for the whole source.

    ``recent`` holds the last calls as ``[seconds since the epoch, 1 or 0]``, oldest first.
    """

    __tablename__ = "source_state"

    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    route: Mapped[str] = mapped_column(String(20), primary_key=True)
    recent: Mapped[list[Any]] = mapped_column(JSON)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    probe_at: Mapped[datetime | None] = mapped_column(Instant)
    parked_until: Mapped[datetime | None] = mapped_column(Instant)
    last_success_at: Mapped[datetime | None] = mapped_column(Instant)
    last_failure_at: Mapped[datetime | None] = mapped_column(Instant)
    last_code: Mapped[str] = mapped_column(String(20), default="")


class CachedAnswer(Model):
    """Division ids that a question led to; the question itself is only a keyed hash."""

    __tablename__ = "cached_answer"
    __table_args__ = (CheckConstraint("stored_at <= fresh_until", name="fresh"),)

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    stored_at: Mapped[datetime] = mapped_column(Instant, index=True)
    fresh_until: Mapped[datetime] = mapped_column(Instant)


class DivisionConflict(Model):
    """A source that named another district than the pack in use: how a stale pack is noticed. The pack wins."""

    __tablename__ = "division_conflict"

    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    ours: Mapped[str] = mapped_column(String(120), primary_key=True)
    theirs: Mapped[str] = mapped_column(String(120), primary_key=True)
    seen_count: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(Instant)
