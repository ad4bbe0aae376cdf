"""Take jobs under a lease; each claim raises the job's fence. Plain statements: this is a hot path."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exc

from advocacy.core import clock, uow
from advocacy.core.db import Statement, db, run_together
from advocacy.queue import port
from advocacy.web.manifest import house

UNKNOWN_LEASE_S = 60
COMMON_LEASE_S = 45
"""The lease of the most frequent job (mail): it is given with the claim, others are corrected after."""

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
_PICK_OVERDUE = """
    WITH picked AS (
        SELECT id FROM job WHERE state = 'running' AND (lease_until <= :now OR lease_until > :absurd) LIMIT :room
"""
# Of the due jobs of one lock only the first is taken, and only while none of them runs.
_PICK_READY = """
    WITH picked AS (
        SELECT id FROM job
        WHERE state = 'ready' AND priority = :priority AND run_at <= :now AND (
            lock IS NULL OR (
                NOT EXISTS (SELECT 1 FROM job AS held WHERE held.lock = job.lock AND held.state = 'running')
                AND NOT EXISTS (
                    SELECT 1 FROM job AS earlier
                    WHERE earlier.lock = job.lock AND earlier.state = 'ready'
                        AND earlier.id < job.id AND earlier.run_at <= :now
                )
            )
        )
        ORDER BY run_at, id LIMIT :room
"""
_SKIP_LOCKED = " FOR UPDATE SKIP LOCKED"
_TAKE = """
    )
    UPDATE job SET state = 'running', fence = fence + 1, attempts = attempts + 1,
        lease_owner = :owner, lease_until = :until
    WHERE id IN (SELECT id FROM picked)
    RETURNING id, name, args, fence, attempts, dedupe_key, run_at
"""
_TAKE_READY = {
    "sqlite": Statement(_PICK_READY + _TAKE),
    "postgresql": Statement(_PICK_READY + _SKIP_LOCKED + _TAKE),
}
_TAKE_OVERDUE = {
    "sqlite": Statement(_PICK_OVERDUE + _TAKE),
    "postgresql": Statement(_PICK_OVERDUE + _SKIP_LOCKED + _TAKE),
}
_CORRECT_LEASE = Statement("UPDATE job SET lease_until = :until WHERE id = :id")
_GIVE_BACK = Statement(
    """
    UPDATE job SET lease_until = created_at, attempts = attempts - 1
    WHERE id = :id AND fence = :fence AND state = 'running'
    """
)


@dataclass(frozen=True)
class Claim:
    """A job in hand: whoever holds the newest ``fence`` may settle it."""

    id: int
    name: str
    args: dict[str, Any]
    fence: int
    attempts: int
    dedupe_key: str | None
    deadline: float
    """By ``clock.monotonic``: from then on somebody else may have it."""

    @property
    def periodic_name(self) -> str | None:
        """The name of the periodic entry that asked for it."""
        return port.periodic_name(self.dedupe_key)


@dataclass(frozen=True)
class Due:
    """What there is to claim."""

    priorities: tuple[int, ...]
    overdue: bool

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.priorities) or self.overdue


def longest_lease_s() -> int:
    """The longest lease that any job asks for."""
    return max([UNKNOWN_LEASE_S, *(job.lease_s for job in house().jobs.values())])


def _absurd(now: datetime) -> datetime:
    """No lease reaches this far: one that does was written by a clock that has since been set back."""
    return now + timedelta(seconds=2 * longest_lease_s())


def due(now: datetime, *, reclaim: bool = True) -> Due:
    """Look without writing, so that an idle worker never does. ``reclaim=False`` leaves overdue leases alone."""
    steps: list[tuple[Statement, dict[str, Any]]] = [(_DUE_PRIORITIES, {"now": now})]
    if reclaim:
        steps.append((_OVERDUE, {"now": now, "absurd": _absurd(now)}))
    with uow.reading():
        rows = run_together(db.session(), steps)
    return Due(tuple(sorted(row[0] for row in rows[0])), bool(reclaim and rows[1]))


def _lease_s(name: str) -> int:
    spec = house().jobs.get(name)
    return spec.lease_s if spec else UNKNOWN_LEASE_S


def _take(statements: Mapping[str, Statement], params: Mapping[str, Any], owner: str, now: datetime) -> list[Claim]:
    began, session = clock.monotonic(), db.session()
    common = {"now": now, "owner": owner, "until": now + timedelta(seconds=COMMON_LEASE_S)}
    statement = statements[session.connection().dialect.name]
    rows = run_together(session, [(statement, {**params, **common})])[0]
    rows.sort(key=lambda row: (row[6], row[0]))  # RETURNING keeps no order
    claims = [
        Claim(
            id=job_id,
            name=name,
            args=json.loads(args) if isinstance(args, str) else args,
            fence=fence,
            attempts=attempts,
            dedupe_key=dedupe_key,
            deadline=began + _lease_s(name),
        )
        for job_id, name, args, fence, attempts, dedupe_key, _ in rows
    ]
    others = [item for item in claims if _lease_s(item.name) != COMMON_LEASE_S]
    leases = [{"id": item.id, "until": now + timedelta(seconds=_lease_s(item.name))} for item in others]
    if leases:
        run_together(session, [(_CORRECT_LEASE, lease) for lease in leases])
    return claims


def claim(found: Due, owner: str, now: datetime, limit: int) -> list[Claim]:
    """Take up to ``limit`` of what ``due`` found, in one short transaction."""
    taken: list[Claim] = []
    try:
        with uow.unit():
            if found.overdue:
                taken += _take(_TAKE_OVERDUE, {"absurd": _absurd(now), "room": limit}, owner, now)
            for priority in found.priorities:
                if len(taken) < limit:
                    taken += _take(_TAKE_READY, {"priority": priority, "room": limit - len(taken)}, owner, now)
    except exc.IntegrityError:  # another worker took a job of the same lock in the same instant
        return []
    return taken


def give_back(claims: Sequence[Claim]) -> None:
    """End the leases of jobs that were not begun: any worker may take them at once."""
    with uow.unit():
        run_together(db.session(), [(_GIVE_BACK, {"id": item.id, "fence": item.fence}) for item in claims])
