"""Take jobs under a lease; each claim raises the job's fence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, exc, exists, literal_column, or_, select, text, update
from sqlalchemy.orm import aliased

from advocacy.core import clock, uow
from advocacy.core.db import Statement, db, run_together
from advocacy.queue.models import JobState, QueuedJob
from advocacy.web.manifest import house

UNKNOWN_LEASE_S = 60

# A handful of index seeks, however many jobs wait for a later day.
_DUE_PRIORITIES = Statement(
    """
    WITH RECURSIVE step(p) AS (
        SELECT min(priority) FROM job WHERE state = 'ready'
        UNION ALL
        SELECT (SELECT min(priority) FROM job WHERE state = 'ready' AND priority > step.p)
        FROM step WHERE step.p IS NOT NULL
    )
    SELECT p FROM step WHERE p IS NOT NULL
        AND EXISTS (SELECT 1 FROM job WHERE state = 'ready' AND priority = step.p AND run_at <= :now)
    """
)
_OVERDUE = Statement(
    "SELECT 1 FROM job WHERE state = 'running' AND (lease_until <= :now OR lease_until > :absurd) LIMIT 1"
)


@dataclass(frozen=True)
class Claim:
    """A job in hand: whoever holds the newest ``fence`` may settle it."""

    id: int
    name: str
    args: dict[str, Any]
    fence: int
    attempts: int
    lock: str | None
    dedupe_key: str | None
    deadline: float
    """By ``clock.monotonic``: from then on somebody else may have it."""

    @property
    def periodic_name(self) -> str | None:
        """The name of the periodic entry that asked for it."""
        key = self.dedupe_key or ""
        return key.removeprefix("periodic:") if key.startswith("periodic:") else None


@dataclass(frozen=True)
class Due:
    """What there is to claim."""

    priorities: tuple[int, ...]
    overdue: bool

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.priorities) or self.overdue


def _absurd(now: datetime) -> datetime:
    """No lease reaches this far: one that does was written by a clock that has since been set back."""
    return now + timedelta(seconds=2 * max([60, *(job.lease_s for job in house().jobs.values())]))


def due(now: datetime, *, reclaim: bool = True) -> Due:
    """Look without writing, so that an idle worker never does. ``reclaim=False`` leaves overdue leases alone."""
    steps: list[tuple[Statement, dict[str, Any]]] = [(_DUE_PRIORITIES, {"now": now})]
    if reclaim:
        steps.append((_OVERDUE, {"now": now, "absurd": _absurd(now)}))
    with uow.reading():
        rows = run_together(db.session(), steps)
    return Due(tuple(sorted(row[0] for row in rows[0])), bool(reclaim and rows[1]))


def _ready(priority: int, now: datetime, limit: int) -> Select[int]:
    other, earlier = aliased(QueuedJob), aliased(QueuedJob)
    lock_is_free = ~exists(
        select(other.id).where(other.lock == QueuedJob.lock, other.state == literal_column("'running'"))
    )
    # Of the due jobs of one lock only the first is taken.
    is_first = ~exists(
        select(earlier.id).where(
            earlier.lock == QueuedJob.lock,
            earlier.state == literal_column("'ready'"),
            earlier.id < QueuedJob.id,
            earlier.run_at <= now,
        )
    )
    return (
        select(QueuedJob.id)
        .where(
            QueuedJob.state == literal_column("'ready'"),
            QueuedJob.priority == priority,
            QueuedJob.run_at <= now,
            or_(QueuedJob.lock.is_(None), and_(lock_is_free, is_first)),
        )
        .order_by(QueuedJob.run_at, QueuedJob.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=QueuedJob)
    )


def _overdue(now: datetime, limit: int) -> Select[int]:
    return (
        select(QueuedJob.id)
        .where(
            QueuedJob.state == literal_column("'running'"),
            or_(QueuedJob.lease_until <= now, QueuedJob.lease_until > _absurd(now)),
        )
        .limit(limit)
        .with_for_update(skip_locked=True, of=QueuedJob)
    )


def _take(chosen: Select[int], owner: str, now: datetime) -> list[Claim]:
    began = clock.monotonic()
    lease_s = {name: job.lease_s for name, job in house().jobs.items()}
    leases = {name: now + timedelta(seconds=seconds) for name, seconds in lease_s.items()}
    until = case(leases, value=QueuedJob.name, else_=now + timedelta(seconds=UNKNOWN_LEASE_S))
    picked = chosen.cte("picked")
    rows = db.session.execute(
        update(QueuedJob)
        .where(QueuedJob.id.in_(select(picked.c.id)))
        .values(
            state=JobState.RUNNING,
            fence=QueuedJob.fence + 1,
            attempts=QueuedJob.attempts + 1,
            lease_until=until,
            lease_owner=owner,
        )
        .returning(
            QueuedJob.id,
            QueuedJob.name,
            QueuedJob.args,
            QueuedJob.fence,
            QueuedJob.attempts,
            QueuedJob.lock,
            QueuedJob.dedupe_key,
            QueuedJob.run_at,
        )
        .execution_options(synchronize_session=False)
    )
    return [
        Claim(
            row.id,
            row.name,
            row.args,
            row.fence,
            row.attempts,
            row.lock,
            row.dedupe_key,
            began + lease_s.get(row.name, UNKNOWN_LEASE_S),
        )
        for row in sorted(rows, key=lambda row: (row.run_at, row.id))  # RETURNING keeps no order
    ]


def claim(found: Due, owner: str, now: datetime, limit: int) -> list[Claim]:
    """Take up to ``limit`` of what ``due`` found, in one short transaction."""
    taken: list[Claim] = []
    try:
        with uow.unit():
            if found.overdue:
                taken += _take(_overdue(now, limit), owner, now)
            for priority in found.priorities:
                if len(taken) < limit:
                    taken += _take(_ready(priority, now, limit - len(taken)), owner, now)
    except exc.IntegrityError:  # another worker took a job of the same lock in the same instant
        return []
    return taken


def give_back(claims: Sequence[Claim]) -> None:
    """End the leases of jobs that were not begun: any worker may take them at once."""
    with uow.unit():
        for item in claims:
            db.session.execute(
                update(QueuedJob)
                .where(QueuedJob.id == item.id, QueuedJob.fence == item.fence, text("state = 'running'"))
                .values(lease_until=QueuedJob.created_at, attempts=QueuedJob.attempts - 1)
                .execution_options(synchronize_session=False)
            )
