"""Background work of ladders."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from advocacy.core.jobs_spec import Job, OutsideJob, Periodic, type_args
from advocacy.mailings.audiences import Rule
from advocacy.mailings.services import climbing, entering

CLIMB_JOB = "mailings.climb"


def _enter(args: type_args) -> None:
    entering.enter_some(int(args["version"]), Rule.of_json(args["rule"]))


def _end(args: type_args) -> None:
    entering.end_some(int(args["ladder"]))


def _settled(args: type_args, failed: int) -> None:
    """Each step was settled in its own transaction."""


# Nothing leaves the house here: it is an OutsideJob so that each step has a transaction of its own.
JOBS = (
    OutsideJob(CLIMB_JOB, climbing.claim, climbing.climb, _settled),
    Job(entering.ENTER_JOB, _enter),
    Job(entering.END_JOB, _end),
)
PERIODIC = (
    Periodic(
        CLIMB_JOB,
        CLIMB_JOB,
        timedelta(seconds=1),
        is_due=climbing.is_anybody_due,
        label=_l("Take the steps of ladders that are due"),
    ),
)
