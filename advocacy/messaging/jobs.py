"""Background work of messaging."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from advocacy.core.jobs_spec import Job, OutsideJob, Periodic, type_args
from advocacy.messaging.services import bulk, delivering, lots, tidying
from advocacy.messaging.services.sending import SEND_JOB

SWEEP_JOB = "messaging.hand_to_queue"
WAKE_JOB = "messaging.wake_lots"


def _sweep(args: type_args) -> None:
    del args
    tidying.hand_to_queue()


def _wake(args: type_args) -> None:
    del args
    bulk.ask_for_sender()


JOBS = (
    OutsideJob(SEND_JOB, delivering.prepare, delivering.perform, delivering.settle, lease_s=45),
    Job(SWEEP_JOB, _sweep),
    OutsideJob(bulk.LOTS_JOB, lots.prepare, lots.perform, lots.settle, lease_s=45),
    Job(WAKE_JOB, _wake),
)
PERIODIC = (
    Periodic(
        SWEEP_JOB, SWEEP_JOB, timedelta(seconds=1), is_due=tidying.is_mail_waiting, label=_l("Find mail that waits")
    ),
    Periodic(
        WAKE_JOB, WAKE_JOB, timedelta(seconds=1), is_due=lots.is_lot_waiting, label=_l("Let mail to many people leave")
    ),
)
