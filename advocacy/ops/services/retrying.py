"""Give dead jobs another chance."""

from __future__ import annotations

from advocacy.audit import services as audit
from advocacy.core.actor import Actor
from advocacy.queue.services import retry_dead


def retry_job(actor: Actor, job_id: int) -> None:
    """Put a dead job back into the queue.

    Raises: NotFound when it is not dead any more.
    """
    name = retry_dead(job_id)
    audit.record(actor, "job.retried", "job", job_id, facts={"job": name})
