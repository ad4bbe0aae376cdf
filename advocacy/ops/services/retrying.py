"""Give dead jobs another chance."""

from __future__ import annotations

from flask_babel import gettext as _

from advocacy.audit import services as audit
from advocacy.core.actor import Actor
from advocacy.core.errors import NotAllowed
from advocacy.queue.services import retry_dead
from advocacy.web.manifest import house

RUN = "ops.run"
"""Held by administrators of the platform: a job's row names no coalition, so it is nobody's own."""


def retry_job(actor: Actor, job_id: int) -> None:
    """Put a dead job back into the queue.

    Raises: NotAllowed, NotFound when it is not dead any more.
    """
    if not house().can(actor, RUN):
        raise NotAllowed(_("Only an administrator of the platform can do this."))
    name = retry_dead(job_id)
    audit.record(actor, "job.retried", "job", job_id, facts={"job": name})
