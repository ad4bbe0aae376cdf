"""How every room asks for background work: a row in its own transaction.

A rollback takes the request back, a commit makes it certain. Delivery is at least once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from advocacy.core import clock
from advocacy.core.db import Statement, run_together
from advocacy.core.jobs_spec import Periodic
from advocacy.web.manifest import house

_PERIODIC = "periodic:"
_INSERT = """
    INSERT INTO job (name, args, state, priority, run_at, attempts, fence, lock, dedupe_key, created_at)
    VALUES (:job_name, :job_args, 'ready', :job_priority, :job_run_at, 0, 0, :job_lock,
            :job_dedupe_key, :job_created_at)
"""

COLUMNS = "name, args, state, priority, run_at, attempts, fence, dedupe_key, created_at"
INSERT_JOB = Statement(_INSERT + "ON CONFLICT DO NOTHING")
"""For hot paths, with ``insert_job_params``. A waiting job with the same ``dedupe_key`` wins in silence; on PostgreSQL
it may start before this transaction commits, so work that must see this transaction's rows takes no key here."""

# A waiting twin is locked until this transaction ends (claiming skips locked rows): it will see these rows.
_ENQUEUE = Statement(
    _INSERT
    + """
    ON CONFLICT (dedupe_key) WHERE state = 'ready' DO UPDATE SET
        run_at = CASE WHEN excluded.run_at < job.run_at THEN excluded.run_at ELSE job.run_at END,
        priority = CASE WHEN excluded.priority < job.priority THEN excluded.priority ELSE job.priority END
    RETURNING id
    """
)


def values(prefix: str, args: str = "") -> str:
    """What a hot path's own ``INSERT INTO job (COLUMNS) SELECT …`` selects, so that a job depends on rows.

    The parameters are those of ``insert_job_params`` with that prefix; ``args`` may be an SQL text of JSON.
    """
    return f""":{prefix}_name, CAST({args or f":{prefix}_args"} AS JSON), 'ready', :{prefix}_priority, :{prefix}_run_at,
        0, 0, :{prefix}_dedupe_key, :{prefix}_created_at"""


_CANCEL = Statement("DELETE FROM job WHERE dedupe_key = :dedupe_key AND state = 'ready' RETURNING id")


def insert_job_params(
    job: str,
    args: Mapping[str, Any],
    *,
    run_at: datetime | None = None,
    priority: int = 50,
    lock: str | None = None,
    dedupe_key: str | None = None,
    prefix: str = "job",
) -> dict[str, Any]:
    """Parameters of ``INSERT_JOB`` and, by their prefix, of ``values``; see ``enqueue``."""
    now = clock.now()
    return {
        f"{prefix}_name": job,
        f"{prefix}_args": json.dumps(args),
        f"{prefix}_priority": priority,
        f"{prefix}_run_at": run_at or now,
        f"{prefix}_lock": lock,
        f"{prefix}_dedupe_key": dedupe_key,
        f"{prefix}_created_at": now,
    }


def enqueue(
    session: Session,
    job_name: str,
    args: Mapping[str, Any],
    *,
    run_at: datetime | None = None,
    priority: int = 50,
    lock: str | None = None,
    dedupe_key: str | None = None,
) -> int:
    """Ask for ``job_name`` to run with plain JSON ``args`` (ids, never personal data); gives the job's id.

    ``priority``: smaller runs first. ``lock``: jobs of one lock name never run at the same time. ``dedupe_key``: a
    waiting job with this key stands for this one too (the earlier instant and the smaller priority win); once started
    it no longer does.

    Raises: LookupError for a job that no manifest lists.
    """
    if job_name not in house().jobs:
        msg = f"no room offers the job {job_name!r}"
        raise LookupError(msg)
    params = insert_job_params(job_name, args, run_at=run_at, priority=priority, lock=lock, dedupe_key=dedupe_key)
    return int(run_together(session, [(_ENQUEUE, params)])[0][0][0])


def periodic_key(name: str) -> str:
    """What names the jobs of a periodic entry: they are deduplicated by it, and no two run at once."""
    return f"{_PERIODIC}{name}"


def periodic_name(key: str | None) -> str | None:
    """The periodic entry whose jobs have this key."""
    return key.removeprefix(_PERIODIC) if key and key.startswith(_PERIODIC) else None


def enqueue_periodic(session: Session, entry: Periodic) -> int:
    """Ask for one run of a periodic entry; a waiting one stands for this one too."""
    key = periodic_key(entry.name)
    return enqueue(session, entry.job, entry.args or {}, priority=20, lock=key, dedupe_key=key)


def cancel(session: Session, dedupe_key: str) -> bool:
    """Take back a job that has not started; ``False`` when none is waiting."""
    return bool(run_together(session, [(_CANCEL, {"dedupe_key": dedupe_key})])[0])
