"""What the worker does, for people who look after it: job names, ids, times, never arguments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select, text

from advocacy.core import clock
from advocacy.core.db import db
from advocacy.queue.models import JobRun, QueuedJob, ScheduleMark
from advocacy.web.manifest import house

DEAD_SHOWN = 50
FAILED = ("failed", "dead")


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
class Regular:
    """A piece of periodic work and how its last run went."""

    name: str
    every: timedelta
    last_at: datetime | None
    next_at: datetime | None
    took_ms: int | None
    outcome: str | None
    run_count: int
    failure_count: int


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


def regular_work() -> list[Regular]:
    """All periodic work of the house, with what is known of its runs."""
    failures = func.sum(case((JobRun.outcome.in_(FAILED), 1), else_=0))
    kept = select(JobRun.name, func.max(JobRun.id).label("last_id"), func.count().label("runs"), failures.label("bad"))
    counts = {row.name: row for row in db.session.execute(kept.group_by(JobRun.name))}
    last_ids = [row.last_id for row in counts.values()]
    last = {run.name: run for run in db.session.execute(select(JobRun).where(JobRun.id.in_(last_ids))).scalars()}
    marks = {mark.name: mark.queued_at for mark in db.session.execute(select(ScheduleMark)).scalars()}
    found = []
    for entry in house().periodic:
        run, count, queued_at = last.get(entry.name), counts.get(entry.name), marks.get(entry.name)
        found.append(
            Regular(
                name=entry.name,
                every=entry.every,
                last_at=run.started_at if run else None,
                next_at=queued_at + entry.every if queued_at else None,
                took_ms=run.took_ms if run else None,
                outcome=run.outcome if run else None,
                run_count=count.runs if count else 0,
                failure_count=int(count.bad) if count else 0,
            )
        )
    return sorted(found, key=lambda item: item.name)
