"""Give dead jobs another chance or none; run regular work out of its turn."""

from __future__ import annotations

from flask_babel import gettext as _

from advocacy.audit import services as audit
from advocacy.core.actor import Actor
from advocacy.core.errors import Conflict, NotAllowed, NotFound
from advocacy.queue import services as queue
from advocacy.web.manifest import house

RUN = "ops.run"
"""Held by administrators of the platform: a job's row names no coalition, so it is nobody's own."""


def retry_job(actor: Actor, job_id: int) -> None:
    """Put a dead job back into the queue.

    Raises: NotAllowed, NotFound when it is not dead any more.
    """
    _require(actor)
    name = queue.retry_dead(job_id)
    audit.record(actor, "job.retried", "job", job_id, facts={"job": name})


def discard_job(actor: Actor, job_id: int) -> None:
    """Throw a dead job away for good.

    Raises: NotAllowed, NotFound when it is not dead any more.
    """
    _require(actor)
    name = queue.discard_dead(job_id)
    audit.record(actor, "job.discarded", "job", job_id, facts={"job": name})


def run_now(actor: Actor, name: str) -> None:
    """Run a piece of regular work out of its turn.

    Raises: NotAllowed, NotFound, Conflict while it runs, or when the settings switch it off.
    """
    _require(actor)
    entry = next((item for item in house().periodic if item.name == name), None)
    if entry is None:
        raise NotFound
    if entry.is_on is not None and not entry.is_on():
        raise Conflict(_("The settings switch this work off."))
    queue.run_now(entry)
    audit.record(actor, "job.run_asked", "periodic", name)


def _require(actor: Actor) -> None:
    if not house().can(actor, RUN):
        raise NotAllowed(_("Only an administrator of the platform can do this."))
