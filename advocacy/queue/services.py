"""What operators do with jobs that gave up."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from advocacy.core import clock
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound
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
