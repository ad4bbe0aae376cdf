"""Background work of messaging."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from advocacy.core.jobs_spec import Job, OutsideJob, Periodic, type_args
from advocacy.messaging.services import bulk, delivering, lots, numbering, texting, tidying
from advocacy.messaging.services.sending import SEND_JOB

SWEEP_JOB = "messaging.hand_to_queue"
WAKE_JOB = "messaging.wake_lots"
TEXTS_JOB = "messaging.find_texts"


def _sweep(args: type_args) -> None:
    del args
    tidying.hand_to_queue()


def _wake(args: type_args) -> None:
    del args
    bulk.ask_for_sender()


def _texts(args: type_args) -> None:
    del args
    texting.hand_to_queue()


JOBS = (
    OutsideJob(SEND_JOB, delivering.prepare, delivering.perform, delivering.settle, lease_s=45),
    Job(SWEEP_JOB, _sweep),
    OutsideJob(bulk.LOTS_JOB, lots.prepare, lots.perform, lots.settle, lease_s=45),
    Job(WAKE_JOB, _wake),
    OutsideJob(texting.SEND_JOB, texting.prepare, texting.perform, texting.settle, lease_s=45),
    Job(TEXTS_JOB, _texts),
)
PERIODIC = (
    Periodic(
        SWEEP_JOB, SWEEP_JOB, timedelta(seconds=1), is_due=tidying.is_mail_waiting, label=_l("Find mail that waits")
    ),
    Periodic(
        WAKE_JOB, WAKE_JOB, timedelta(seconds=1), is_due=lots.is_lot_waiting, label=_l("Let mail to many people leave")
    ),
    Periodic(
        TEXTS_JOB,
        TEXTS_JOB,
        timedelta(seconds=5),
        is_due=texting.is_text_waiting,
        label=_l("Find text messages that wait"),
        is_on=numbering.is_on,
    ),
)
