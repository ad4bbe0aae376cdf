"""A real worker with jobs that leave marks in the file ``TEST_MARKS``: ``python -m tests.support.worker_program``."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from advocacy.app import create_app
from advocacy.core.jobs_spec import Job, OutsideJob, Periodic
from advocacy.core.settings import load
from advocacy.web.limits import hit
from advocacy.web.manifest import House
from advocacy.worker import run_worker

LEASE_S = 3
DAYS = 100 * 24 * 3600


def mark(text: str) -> None:
    """Append one line, whole."""
    handle = os.open(os.environ["TEST_MARKS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, f"{text} {os.getpid()}\n".encode())
    os.close(handle)


def marks(path: Path) -> list[str]:
    """The marks left so far, without the process ids."""
    return [line.rsplit(" ", 1)[0] for line in path.read_text().splitlines()] if path.exists() else []


def _perform(args: Mapping[str, Any]) -> str:
    mark(f"begin {args['n']}")
    time.sleep(args.get("s", 0))
    mark(f"end {args['n']}")
    return "sent"


def _settle(args: Mapping[str, Any], result: str) -> None:
    hit("settled", str(args["n"]), DAYS)
    mark(f"{result} {args['n']}")


def _inside(args: Mapping[str, Any]) -> None:
    hit("inside", str(args["n"]), DAYS)
    mark(f"inside {args['n']}")
    time.sleep(args.get("s", 0))


JOBS = (
    OutsideJob("t.outside", dict, _perform, _settle, lease_s=LEASE_S),
    Job("t.inside", _inside, lease_s=LEASE_S),
    Job("t.tick", lambda args: mark("tick"), lease_s=LEASE_S),  # a killed worker may have one in hand
)


def offer(app: Flask) -> None:
    """Offer these jobs, and nothing periodic but a tick each 200 ms."""
    house: House = app.extensions["advocacy.house"]
    house.jobs.update({job.name: job for job in JOBS})
    house.periodic = (Periodic("t.tick", "t.tick", timedelta(milliseconds=200)),)


def main() -> int:
    """Work."""
    app = create_app(load())
    offer(app)
    return run_worker(app)


if __name__ == "__main__":
    sys.exit(main())
