"""Regular work of the house, and how its runs went; only the newest runs of each are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from statistics import median
from typing import NamedTuple

from sqlalchemy import select, text

from advocacy.core import clock
from advocacy.core.db import db
from advocacy.core.jobs_spec import Periodic
from advocacy.queue import port
from advocacy.queue import queries as queue
from advocacy.queue.checks import MAX_SILENCE_S
from advocacy.queue.models import JobRun, QueuedJob, ScheduleMark
from advocacy.web.manifest import house

FAILED = frozenset({"failed", "dead"})
PATIENCE = timedelta(minutes=2)
"""So much later than planned is no news: other work came before it."""


class Mark(StrEnum):
    """Where a piece of regular work stands."""

    OFF = "off"
    RUNNING = "running"
    LATE = "late"
    FAILING = "failing"
    FINE = "fine"


@dataclass(frozen=True)
class Regular:
    """A piece of regular work; ``reason`` is why its last failure failed: a class name or a code."""

    name: str
    label: str
    every: timedelta
    mark: Mark
    last_at: datetime | None
    next_at: datetime | None
    took_ms: int | None
    typical_ms: int | None
    run_count: int
    failure_count: int
    failed_in_a_row: int
    reason: str


class _Run(NamedTuple):
    started_at: datetime
    took_ms: int
    outcome: str
    error: str | None


class _Job(NamedTuple):
    state: str
    run_at: datetime


def regular_work(*, without: str = "") -> list[Regular]:
    """All regular work of the house, what needs a look first; ``without`` leaves one out by its name."""
    entries = [entry for entry in house().periodic if entry.name != without]
    runs, jobs = _runs(), _jobs([port.periodic_key(entry.name) for entry in entries])
    marks = {mark.name: mark.queued_at for mark in db.session.scalars(select(ScheduleMark))}
    ticked_at = queue.ticked_at()
    is_ticking = ticked_at is not None and abs((clock.now() - ticked_at).total_seconds()) <= MAX_SILENCE_S
    found = [
        _regular(entry, runs.get(entry.name, []), jobs.get(entry.name, []), marks.get(entry.name), is_ticking)
        for entry in entries
    ]
    order = [Mark.FAILING, Mark.LATE, Mark.RUNNING, Mark.FINE, Mark.OFF]
    return sorted(found, key=lambda item: (order.index(item.mark), item.label))


def _regular(
    entry: Periodic, runs: Sequence[_Run], jobs: Sequence[_Job], queued_at: datetime | None, is_ticking: bool
) -> Regular:
    last = runs[0] if runs else None
    bad = [run for run in runs if run.outcome in FAILED]
    in_a_row = sum(1 for _ in takewhile(lambda run: run.outcome in FAILED, runs))
    done = [run.took_ms for run in runs if run.outcome not in FAILED]
    next_at = queued_at + entry.every if queued_at else None
    return Regular(
        name=entry.name,
        label=str(entry.label or entry.name),
        every=entry.every,
        mark=_mark(entry, in_a_row, jobs, next_at, is_ticking=is_ticking),
        last_at=last.started_at if last else None,
        next_at=next_at,
        took_ms=last.took_ms if last else None,
        typical_ms=round(median(done)) if done else None,
        run_count=len(runs),
        failure_count=len(bad),
        failed_in_a_row=in_a_row,
        reason=(bad[0].error or "") if bad else "",
    )


def _mark(
    entry: Periodic, failed_in_a_row: int, jobs: Sequence[_Job], next_at: datetime | None, *, is_ticking: bool
) -> Mark:
    if entry.is_on is not None and not entry.is_on():
        return Mark.OFF
    if any(job.state == "running" for job in jobs):
        return Mark.RUNNING
    now = clock.now()
    waits = any(job.run_at < now - PATIENCE for job in jobs)
    if entry.is_due is None:
        is_late = next_at is not None and next_at < now - PATIENCE
    else:  # since when there is something to do is not known; only a worker that plans would have seen it
        is_late = not is_ticking and entry.is_due()
    if waits or is_late:
        return Mark.LATE
    return Mark.FAILING if failed_in_a_row else Mark.FINE


def _runs() -> dict[str, list[_Run]]:
    """Kept runs by name, the newest first."""
    found: dict[str, list[_Run]] = {}
    wanted = select(JobRun.name, JobRun.started_at, JobRun.took_ms, JobRun.outcome, JobRun.error)
    for name, started_at, took_ms, outcome, error in db.session.execute(wanted.order_by(JobRun.id.desc())):
        found.setdefault(name, []).append(_Run(started_at, took_ms, outcome, error))
    return found


def _jobs(keys: Sequence[str]) -> dict[str, list[_Job]]:
    """What stands in the queue for each, by name."""
    found: dict[str, list[_Job]] = {}
    for state, is_so in (("ready", text("state = 'ready'")), ("running", text("state = 'running'"))):
        wanted = select(QueuedJob.lock, QueuedJob.run_at).where(QueuedJob.lock.in_(keys), is_so)
        for key, run_at in db.session.execute(wanted):
            found.setdefault(str(port.periodic_name(key)), []).append(_Job(state, run_at))
    return found
