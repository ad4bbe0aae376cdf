"""Whether background work gets done: lines of readiness and of the doctor."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from advocacy.core import clock
from advocacy.queue import queries
from advocacy.web.manifest import HealthCheck

MAX_WAIT_S = 120
"""Ordinary work older than this: the worker is stuck or far too small."""
MAX_SILENCE_S = 25
"""The ticker renews every few seconds; then another worker takes over within the lease."""


def _queue() -> tuple[bool, str]:
    age_s = queries.oldest_waiting_s()
    return age_s <= MAX_WAIT_S, _("the oldest waiting job is %(count)s s old", count=round(age_s))


def _worker() -> tuple[bool, str]:
    at = queries.ticked_at()
    if at is None:
        return False, _("no worker has run yet")
    age_s = (clock.now() - at).total_seconds()
    # A clock that was set back makes the last tick lie ahead for a moment.
    return abs(age_s) <= MAX_SILENCE_S, _("planned work %(count)s s ago", count=max(0, round(age_s)))


def _dead() -> tuple[bool, str]:
    count = len(queries.dead_jobs())
    return count == 0, ngettext("%(num)s job gave up", "%(num)s jobs gave up", count)


HEALTH = (
    HealthCheck("queue", _queue),
    HealthCheck("worker", _worker),
    HealthCheck("dead_jobs", _dead, doctor_only=True),
)
