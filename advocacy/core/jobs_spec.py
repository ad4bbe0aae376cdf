"""What a room says of its background work; the queue runs it.

Handlers get plain JSON arguments (ids, never personal data). Delivery is at least once; a job's settlement is fenced,
so that a worker that lost its lease cannot finish another's item.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

type_args = Mapping[str, Any]


class RetryLater(Exception):
    """Try this job again after ``delay``; it costs no attempt, and what the job wrote before it is kept."""

    def __init__(self, delay: timedelta, reason: str) -> None:
        super().__init__(reason)
        self.delay = delay
        self.reason = reason


class GiveUp(Exception):
    """This job can never succeed: a dead letter at once, with this reason; what it wrote before is kept."""


@dataclass(frozen=True)
class Job:
    """Work inside the house: ``run(args)`` and the job's settlement are one transaction."""

    name: str
    run: Callable[[type_args], None]
    max_attempts: int = 8
    lease_s: int = 60


@dataclass(frozen=True)
class OutsideJob:
    """Work that leaves the house, so that no transaction is open while it waits.

    ``prepare(args)`` in a short writing unit gives what is needed, or ``None`` when it no longer matters;
    ``perform(prepared)`` talks to the outside without a database session; ``settle(args, result)`` and the job's
    settlement are one transaction. ``perform`` must catch what is worth settling and return it as a result.
    """

    name: str
    prepare: Callable[[type_args], Any]
    perform: Callable[[Any], Any]
    settle: Callable[[type_args, Any], None]
    max_attempts: int = 200
    lease_s: int = 120


type_job = Job | OutsideJob


@dataclass(frozen=True)
class Periodic:
    """Enqueue ``job`` every ``every`` while ``is_due`` (a cheap read, in a reading unit) says so.

    ``label`` (lazily translated) is its name for people; ``is_on`` says whether the settings want it at all.
    """

    name: str
    job: str
    every: timedelta
    is_due: Callable[[], bool] | None = None
    args: Mapping[str, Any] | None = None
    label: Any = ""
    is_on: Callable[[], bool] | None = None
