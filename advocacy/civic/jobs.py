"""Fetch packs in the background, each feed its own job, one at a time; ask a source who sits where today."""

from __future__ import annotations

import random
from datetime import timedelta

from flask_babel import lazy_gettext as _l

from advocacy.civic.services import feeds, freshness, updating
from advocacy.civic.services.requesting import UPDATE_NAME, ask_for
from advocacy.core import clock
from advocacy.core.actor import Channel, system_actor
from advocacy.core.jobs_spec import Job, OutsideJob, Periodic, type_args

PLAN_NAME = "civic.update_all"
NIGHT = range(5, 10)
"""Hours (UTC) in which few people of the United States are awake."""
SPREAD = timedelta(hours=3)
_jitter = random.SystemRandom()


def _prepare(args: type_args) -> str | None:
    feed = feeds.named(str(args.get("feed")))
    return feed.name if feed is not None and feeds.is_allowed() else None


def _perform(name: str) -> None:
    """Fetch, read and take in: each step in a unit of its own, so nothing is left to settle."""
    feed = feeds.named(name)
    if feed is not None:
        updating.update(system_actor(Channel.JOB), feed)


def _settle(args: type_args, result: None) -> None:
    del args, result


def _plan(args: type_args) -> None:
    """Ask for every feed, each at a moment of its own: others fetch at night as well."""
    del args
    for feed in feeds.configured() if feeds.is_nightly() else ():
        ask_for(feed.name, at=clock.now() + SPREAD * _jitter.random())


def _is_night() -> bool:
    return feeds.is_nightly() and clock.now().hour in NIGHT


UPDATE = OutsideJob(
    UPDATE_NAME, _prepare, _perform, _settle, max_attempts=3, lease_s=int(updating.LONGEST.total_seconds())
)
PLAN = Job(PLAN_NAME, _plan)
NIGHTLY = Periodic(
    PLAN_NAME, PLAN_NAME, timedelta(hours=20), _is_night, label=_l("Fetch civic data at night"), is_on=feeds.is_nightly
)
REFRESH = OutsideJob(freshness.JOB, freshness.prepare, freshness.perform, freshness.settle, lease_s=120)
RENEW = Job(freshness.RENEW_JOB, freshness.renew)
HOURLY = Periodic(
    freshness.RENEW_JOB,
    freshness.RENEW_JOB,
    timedelta(hours=1),
    freshness.is_any_stale,
    label=_l("Ask who sits where today"),
)
