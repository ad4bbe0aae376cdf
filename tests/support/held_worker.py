"""A real worker that can be met in mid work: ``python -m tests.support.held_worker``.

While the file ``TEST_HOLD`` is there, each batch of reminders waits in the hand of whoever took it, before its first
statement; the file ``TEST_MARKS`` says so. Broadcasts are queued in slices of ``TEST_SLICE`` people.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from flask import Flask

from advocacy.app import create_app
from advocacy.core.jobs_spec import Job, type_args
from advocacy.core.settings import load
from advocacy.mailings.services import queueing, stepping
from advocacy.reminders.services import claiming, saying
from advocacy.web.manifest import House
from advocacy.worker import run_worker
from tests.support.worker_program import mark


def _say_batch(args: type_args) -> None:
    hold = Path(os.environ.get("TEST_HOLD", ""))
    if hold.is_file():
        mark("holds")
        while hold.is_file():
            time.sleep(0.02)
    saying.say_batch(int(args["claim"]))


def _queue(args: type_args) -> None:
    size: Any = os.environ.get("TEST_SLICE", queueing.SLICE)
    queueing.queue_some(int(args["broadcast"]), int(size))


JOBS = (Job(claiming.BATCH_JOB, _say_batch), Job(stepping.QUEUE_JOB, _queue))


def _hold(app: Flask) -> None:
    house: House = app.extensions["advocacy.house"]
    house.jobs.update({job.name: job for job in JOBS})


def main() -> int:
    """Work."""
    app = create_app(load())
    _hold(app)
    return run_worker(app)


if __name__ == "__main__":
    sys.exit(main())
