"""Background work of reminders."""

from __future__ import annotations

from datetime import timedelta

from advocacy.core.jobs_spec import Job, Periodic, type_args
from advocacy.reminders import services

SWEEP_JOB = "reminders.fire_due"


def _sweep(args: type_args) -> None:
    del args
    services.hand_to_queue()


def _fire(args: type_args) -> None:
    services.fire_deadline(int(args["deadline_id"]))


JOBS = (Job(SWEEP_JOB, _sweep), Job(services.FIRE_JOB, _fire))
PERIODIC = (Periodic(SWEEP_JOB, SWEEP_JOB, timedelta(seconds=1), is_due=services.is_step_due),)
