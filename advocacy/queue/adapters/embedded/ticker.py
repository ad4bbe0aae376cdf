"""Put periodic work into the queue: APScheduler says when, the database says who.

Only the holder of ``scheduler_lease`` ticks. A tick that comes twice, or from two holders in the moment of a takeover,
does no harm: its job has a dedupe key and a lock.
"""

from __future__ import annotations

import logging
from datetime import UTC, timedelta
from typing import Any, cast

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy import CursorResult, exc, select, update

from advocacy.core import clock, logs, uow
from advocacy.core.db import Statement, db, run_together
from advocacy.core.jobs_spec import Periodic
from advocacy.core.settings import Settings
from advocacy.queue import port
from advocacy.queue.adapters.embedded.steps import ClockWatch
from advocacy.queue.models import ScheduleMark, SchedulerLease

log = logs.get("queue")
MARKED_FROM = timedelta(minutes=1)
"""Longer intervals are measured from the last time in the database, so that restarts neither reset nor repeat them."""
LOOK_EVERY = timedelta(seconds=20)

_MARK = Statement(
    """
    INSERT INTO schedule_mark (name, queued_at) VALUES (:name, :now)
    ON CONFLICT (name) DO UPDATE SET queued_at = excluded.queued_at
    """
)


class Ticker:
    """Holds or awaits the lease, and ticks while it is held."""

    def __init__(self, app: Flask, owner: str, watch: ClockWatch) -> None:
        settings: Settings = app.extensions["advocacy.settings"]
        self._app = app
        self._owner = owner
        self._watch = watch
        self._lease_s = float(settings.queue.lease_s)
        self._token: int | None = None
        self._valid_until = 0.0
        self._periodic: tuple[Periodic, ...] = app.extensions["advocacy.house"].periodic
        # The scheduler's own complaints (a tick fell out because the last still ran) are no news: a later tick comes.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            daemon=True,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Try for the lease and begin."""
        self._plan()
        self._scheduler.start()

    def restart(self) -> None:
        """Count all intervals anew: APScheduler goes by the wall clock, and that was stepped."""
        self._scheduler.remove_all_jobs()
        self._plan()

    def stop(self) -> None:
        """Stop ticking and let the next worker take over at once."""
        self._scheduler.shutdown(wait=True)
        if self._token is None:
            return
        try:
            with self._app.app_context(), uow.unit():
                self._renew(0)
        except exc.DBAPIError:
            log.exception("queue_trouble")  # the lease runs out by itself

    def _plan(self) -> None:
        self._add("lease", timedelta(seconds=self._lease_s / 3), self._hold)
        for entry in self._periodic:
            interval = entry.every if entry.every < MARKED_FROM else LOOK_EVERY
            self._add(entry.name, interval, self._tick, entry)

    def _add(self, name: str, interval: timedelta, work: Any, *args: object) -> None:  # noqa: ANN401 - any callable
        self._scheduler.add_job(
            work, "interval", id=name, seconds=interval.total_seconds(), args=args, next_run_time=clock.machine_now()
        )

    # --- the lease ------------------------------------------------------------------------------------------------

    @property
    def is_holder(self) -> bool:
        """Whether this process may tick now; by its own steady clock, so that a frozen holder wakes up without it."""
        return self._token is not None and clock.monotonic() < self._valid_until

    def _hold(self) -> None:
        began = clock.monotonic()
        try:
            with self._app.app_context():
                if self._token is None and not self._is_free():
                    return
                with uow.unit():
                    held = self._renew(self._lease_s) if self._token is not None else self._take()
        except exc.IntegrityError:  # another worker made the row in the same instant
            self._token = None
        except exc.DBAPIError:
            log.exception("queue_trouble")
        else:
            if held:
                self._valid_until = began + self._lease_s
            else:
                self._token = None

    def _is_free(self) -> bool:
        """Whether it makes sense to try; only reads, so that waiting workers do not disturb."""
        with uow.reading():
            row = db.session.get(SchedulerLease, 1)
            return row is None or self._has_run_out(row)

    def _has_run_out(self, row: SchedulerLease) -> bool:
        now = clock.now()
        absurd = now + timedelta(seconds=2 * self._lease_s)  # written by a clock that has since been set back
        return not now < row.until <= absurd and self._watch.trusts_leases(self._lease_s)

    def _renew(self, length_s: float) -> bool:
        now = clock.now()
        change = (
            update(SchedulerLease)
            .where(SchedulerLease.id == 1, SchedulerLease.token == self._token)
            .values(until=now + timedelta(seconds=length_s), ticked_at=now)
        )
        return cast("CursorResult[Any]", db.session.execute(change)).rowcount == 1

    def _take(self) -> bool:
        now = clock.now()
        row = db.session.get(SchedulerLease, 1)
        until = now + timedelta(seconds=self._lease_s)
        if row is None:
            db.session.add(SchedulerLease(id=1, token=1, holder=self._owner, until=until, ticked_at=now))
            db.session.flush()
            self._token = 1
            return True
        if not self._has_run_out(row):
            return False
        token = row.token + 1
        change = (
            update(SchedulerLease)
            .where(SchedulerLease.id == 1, SchedulerLease.token == row.token)
            .values(token=token, holder=self._owner, until=until, ticked_at=now)
        )
        if cast("CursorResult[Any]", db.session.execute(change)).rowcount != 1:
            return False
        log.info("ticker_took_over", token=token)
        self._token = token
        return True

    # --- ticking --------------------------------------------------------------------------------------------------

    def _tick(self, entry: Periodic) -> None:
        if not self.is_holder:
            return
        try:
            with self._app.app_context():
                with uow.reading():
                    if not self._is_time(entry):
                        return
                with uow.unit():
                    self._queue(entry)
        except Exception:
            log.exception("tick_failed", periodic=entry.name)

    def _is_time(self, entry: Periodic) -> bool:
        if entry.every >= MARKED_FROM:
            last = db.session.scalar(select(ScheduleMark.queued_at).where(ScheduleMark.name == entry.name))
            now = clock.now()
            if last is not None and last <= now < last + entry.every:
                return False
        return entry.is_due is None or entry.is_due()

    def _queue(self, entry: Periodic) -> None:
        fence = select(SchedulerLease.token).where(SchedulerLease.id == 1).with_for_update(read=True)
        if db.session.scalar(fence) != self._token:
            self._token = None
            return
        if entry.every >= MARKED_FROM:
            run_together(db.session(), [(_MARK, {"name": entry.name, "now": clock.now()})])
        port.enqueue_periodic(db.session(), entry)
