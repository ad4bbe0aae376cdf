"""What operators do with jobs: try again, throw away, run now."""

from __future__ import annotations

from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from advocacy.core import clock
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound
from advocacy.core.jobs_spec import Periodic
from advocacy.queue import port
from advocacy.queue.models import JobState, QueuedJob


def retry_dead(job_id: int) -> str:
    """Put a dead job back into the queue with all its attempts; gives the job's name.

    Raises: NotFound when it is not dead (any more), Conflict when a job for the same work waits already.
    """
    change = (
        update(QueuedJob)
        .where(QueuedJob.id == job_id, QueuedJob.state == JobState.DEAD)
        .values(state=JobState.READY, run_at=clock.now(), attempts=0)
        .returning(QueuedJob.name)
        .execution_options(synchronize_session=False)
    )
    try:
        with db.session.begin_nested():
            name = db.session.execute(change).scalar_one_or_none()
    except IntegrityError:
        raise Conflict(f"The work of job {job_id} is waiting in another job already.") from None
    if name is None:
        raise NotFound(f"Job {job_id} is not a dead one.")
    return name


def discard_dead(job_id: int) -> str:
    """Throw a dead job away for good; gives the job's name.

    Raises: NotFound when it is not dead (any more).
    """
    change = (
        delete(QueuedJob)
        .where(QueuedJob.id == job_id, QueuedJob.state == JobState.DEAD)
        .returning(QueuedJob.name)
        .execution_options(synchronize_session=False)
    )
    name = db.session.execute(change).scalar_one_or_none()
    if name is None:
        raise NotFound(f"Job {job_id} is not a dead one.")
    return name


def run_now(entry: Periodic) -> int:
    """Ask for one run of a periodic entry out of its turn; a waiting one becomes this one.

    Raises: Conflict while it runs: that run will see everything.
    """
    key = port.periodic_key(entry.name)
    running = select(QueuedJob.id).where(QueuedJob.lock == key, text("state = 'running'"))
    if db.session.scalar(running) is not None:
        raise Conflict(f"{entry.name} is running already.")
    return port.enqueue_periodic(db.session(), entry)
