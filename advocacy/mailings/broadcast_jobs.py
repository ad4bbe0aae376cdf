"""Background work of mailings."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from advocacy.core.jobs_spec import Job, Periodic, type_args
from advocacy.mailings.services import queueing, stepping, writing

LOOK_JOB = "mailings.look_after"


def _size(args: type_args) -> None:
    queueing.size_audience(int(args["broadcast"]))


def _start(args: type_args) -> None:
    queueing.start_broadcast(int(args["broadcast"]))


def _queue(args: type_args) -> None:
    queueing.queue_some(int(args["broadcast"]))


def _late(args: type_args) -> None:
    queueing.find_late(int(args["broadcast"]))


def _look(args: type_args) -> None:
    del args
    queueing.look_after()


JOBS = (
    Job(writing.SIZE_JOB, _size),
    Job(stepping.START_JOB, _start),
    Job(stepping.QUEUE_JOB, _queue),
    Job(stepping.LATE_JOB, _late),
    Job(LOOK_JOB, _look),
)
PERIODIC = (
    Periodic(
        LOOK_JOB,
        LOOK_JOB,
        timedelta(seconds=10),
        is_due=queueing.is_work_due,
        label=_l("See how mailings are getting on"),
    ),
)
