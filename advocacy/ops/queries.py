"""What is in the queue, for people who look after it: job names, ids, times, never arguments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text

from advocacy.core import clock
from advocacy.core.db import db
from advocacy.queue.models import QueuedJob

DEAD_SHOWN = 50
RUNNING_SHOWN = 50


@dataclass(frozen=True)
class Waiting:
    """Due jobs of one kind."""

    name: str
    count: int
    oldest_s: int


@dataclass(frozen=True)
class Dead:
    """A job that gave up; ``error`` is a class name or a code."""

    id: int
    name: str
    error: str
    attempts: int
    created_at: datetime


@dataclass(frozen=True)
class Running:
    """A job in hand; past ``lease_until`` another worker takes it over."""

    id: int
    name: str
    attempts: int
    lease_until: datetime
    holder: str


def waiting_jobs() -> list[Waiting]:
    """Jobs that are due and not started, most first."""
    now = clock.now()
    rows = db.session.execute(
        select(QueuedJob.name, func.count().label("job_count"), func.min(QueuedJob.run_at).label("oldest"))
        .where(text("state = 'ready'"), QueuedJob.run_at <= now)
        .group_by(QueuedJob.name)
        .order_by(func.count().desc(), QueuedJob.name)
    )
    return [Waiting(row.name, row.job_count, int((now - row.oldest).total_seconds())) for row in rows]


def dead_jobs() -> list[Dead]:
    """The newest dead jobs."""
    wanted = select(QueuedJob).where(text("state = 'dead'")).order_by(QueuedJob.id.desc()).limit(DEAD_SHOWN)
    rows: Sequence[QueuedJob] = db.session.execute(wanted).scalars().all()
    return [Dead(row.id, row.name, row.last_error or "", row.attempts, row.created_at) for row in rows]


def dead_count() -> int:
    """How many jobs are dead."""
    return int(
        db.session.execute(select(func.count()).select_from(QueuedJob).where(text("state = 'dead'"))).scalar_one()
    )


def running_jobs() -> list[Running]:
    """Jobs in hand now, the one whose lease ends first above."""
    wanted = select(QueuedJob).where(text("state = 'running'")).order_by(QueuedJob.lease_until).limit(RUNNING_SHOWN)
    return [
        Running(row.id, row.name, row.attempts, row.lease_until, row.lease_owner or "")
        for row in db.session.scalars(wanted)
        if row.lease_until is not None
    ]
