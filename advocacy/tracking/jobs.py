"""Background work of tracking."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from advocacy.core.jobs_spec import Job, OutsideJob, Periodic, type_args
from advocacy.tracking.services import first_look, polling, telling
from advocacy.tracking.services.watching import FETCH_JOB, POLL_JOB

ASK_JOB, TELL_JOB = "tracking.ask_due", "tracking.tell"


def _ask(args: type_args) -> None:
    del args
    polling.ask_due()


def _tell(args: type_args) -> None:
    del args
    telling.tell()


JOBS = (
    OutsideJob(POLL_JOB, polling.prepare, polling.perform, polling.settle, lease_s=120),
    OutsideJob(FETCH_JOB, first_look.prepare, first_look.perform, first_look.settle, lease_s=120),
    Job(ASK_JOB, _ask),
    Job(TELL_JOB, _tell),
)
PERIODIC = (
    Periodic(ASK_JOB, ASK_JOB, timedelta(minutes=1), is_due=polling.is_any_due, label=_l("Ask about followed bills")),
    Periodic(
        TELL_JOB,
        TELL_JOB,
        timedelta(minutes=15),
        is_due=telling.is_anybody_to_tell,
        label=_l("Tell of news about bills"),
    ),
)
