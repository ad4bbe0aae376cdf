"""What people do to jobs by hand."""

from __future__ import annotations

from sqlalchemy import delete, exists, select, text, update
from sqlalchemy.orm import aliased

from advocacy.core import clock
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.queue.models import JobState, QueuedJob


def retry_dead(job_id: int) -> str:
    """Give a dead job a new life with all its attempts; give its name.

    A waiting job with the same dedupe key stands for it already: then the dead one only goes.

    Raises: NotFound when it is not dead any more.
    """
    job = db.session.execute(
        select(QueuedJob).where(QueuedJob.id == job_id, text("state = 'dead'")).with_for_update()
    ).scalar_one_or_none()
    if job is None:
        raise NotFound
    twin = aliased(QueuedJob)
    has_twin = exists().where(twin.dedupe_key == job.dedupe_key, twin.state == JobState.READY)
    if job.dedupe_key is not None and db.session.execute(select(has_twin)).scalar():
        db.session.execute(delete(QueuedJob).where(QueuedJob.id == job_id))
    else:
        again = {"state": JobState.READY, "run_at": clock.now(), "attempts": 0}
        db.session.execute(update(QueuedJob).where(QueuedJob.id == job_id).values(**again))
    return job.name
