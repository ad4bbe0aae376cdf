"""Tables of the queue: jobs, runs of periodic work, the ticker's lease."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model


class JobState(StrEnum):
    """Where a job stands; a finished job is no row any more."""

    READY = "ready"
    RUNNING = "running"
    DEAD = "dead"


class QueuedJob(Model):
    """One piece of work.

    ``fence`` grows with each claim, and only its newest holder may settle; ``attempts`` counts claims that did not end
    by a request to come back later; ``last_error`` is a class name or a code, never a text that could quote a person.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('ready', 'running', 'dead')", name="state"),
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="lease"),
        Index(
            "ix_job_ready",
            "priority",
            "run_at",
            "id",
            postgresql_where=text("state = 'ready'"),
            sqlite_where=text("state = 'ready'"),
        ),
        Index(
            "ix_job_running",
            "lease_until",
            postgresql_where=text("state = 'running'"),
            sqlite_where=text("state = 'running'"),
        ),
        Index("ix_job_dead", "id", postgresql_where=text("state = 'dead'"), sqlite_where=text("state = 'dead'")),
        Index(
            "uq_job_dedupe_key",
            "dedupe_key",
            unique=True,
            postgresql_where=text("state = 'ready'"),
            sqlite_where=text("state = 'ready'"),
        ),
        Index(
            "uq_job_lock",
            "lock",
            unique=True,
            postgresql_where=text("state = 'running'"),
            sqlite_where=text("state = 'running'"),
        ),
        Index(
            "ix_job_lock_waiting",
            "lock",
            "id",
            postgresql_where=text("state = 'ready' AND lock IS NOT NULL"),
            sqlite_where=text("state = 'ready' AND lock IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    args: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(8), default=JobState.READY)
    priority: Mapped[int] = mapped_column(Integer, default=50)
    run_at: Mapped[datetime] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    fence: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    lease_owner: Mapped[str | None] = mapped_column(String(80))
    lock: Mapped[str | None] = mapped_column(String(120))
    dedupe_key: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_error: Mapped[str | None] = mapped_column(String(200))


class JobRun(Model):
    """How one run of periodic work went; the newest few of each name are kept."""

    __tablename__ = "job_run"
    __table_args__ = (
        CheckConstraint("outcome IN ('done', 'later', 'failed', 'dead')", name="outcome"),
        Index("ix_job_run_name_id", "name", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime] = mapped_column(Instant)
    took_ms: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str] = mapped_column(String(8))
    error: Mapped[str | None] = mapped_column(String(200))


class ScheduleMark(Model):
    """When a periodic entry was last put into the queue, so that a restart neither forgets nor doubles it."""

    __tablename__ = "schedule_mark"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    queued_at: Mapped[datetime] = mapped_column(Instant)


class SchedulerLease(Model):
    """Who ticks: one row; ``token`` grows with each new holder."""

    __tablename__ = "scheduler_lease"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    token: Mapped[int] = mapped_column(Integer)
    holder: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime] = mapped_column(Instant)
    ticked_at: Mapped[datetime] = mapped_column(Instant)
