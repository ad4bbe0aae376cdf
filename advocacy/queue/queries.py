"""How the queue is doing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, text

from advocacy.core import clock
from advocacy.core.db import db
from advocacy.queue.models import QueuedJob, SchedulerLease

ORDINARY = 50
"""Mass work has a larger priority number; it may take its time."""


def oldest_waiting_s() -> float:
    """For how long the oldest due job of ordinary or higher urgency has been waiting; 0 when none is."""
    now = clock.now()
    wanted = select(func.min(QueuedJob.run_at)).where(
        text("state = 'ready'"), QueuedJob.priority <= ORDINARY, QueuedJob.run_at <= now
    )
    oldest = db.session.scalar(wanted)
    return 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())


def ticked_at() -> datetime | None:
    """When a worker last planned periodic work."""
    return db.session.scalar(select(SchedulerLease.ticked_at))


def dead_jobs(limit: int = 100) -> Sequence[QueuedJob]:
    """Jobs that gave up, newest first."""
    wanted = select(QueuedJob).where(text("state = 'dead'")).order_by(QueuedJob.id.desc()).limit(limit)
    return db.session.scalars(wanted).all()
