"""Background work of reminders."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from advocacy.core.jobs_spec import Job, Periodic, type_args
from advocacy.reminders.services import claiming, deriving, firing, saying


def _sweep(args: type_args) -> None:
    del args
    firing.hand_to_queue()


def _fire(args: type_args) -> None:
    firing.fire_deadline(int(args["deadline_id"]))


def _derive(args: type_args) -> None:
    del args
    deriving.derive_again()


def _say_batch(args: type_args) -> None:
    saying.say_batch(int(args["claim"]))


def _say_digest(args: type_args) -> None:
    saying.say_digest(int(args["user_id"]))


JOBS = (
    Job(firing.SWEEP_JOB, _sweep),
    Job(firing.FIRE_JOB, _fire),
    Job(claiming.BATCH_JOB, _say_batch),
    Job(saying.DIGEST_JOB, _say_digest),
    Job(deriving.DERIVE_JOB, _derive),
)
PERIODIC = (
    Periodic(
        firing.SWEEP_JOB,
        firing.SWEEP_JOB,
        timedelta(seconds=1),
        is_due=firing.is_step_due,
        label=_l("Speak before deadlines"),
    ),
    Periodic(
        deriving.DERIVE_JOB,
        deriving.DERIVE_JOB,
        timedelta(minutes=10),
        is_due=deriving.is_outdated,
        label=_l("Follow places that change their clocks"),
    ),
)
