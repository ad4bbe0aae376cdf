"""Threads that claim and run jobs: one looks and claims, the others run."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from datetime import datetime

from flask import Flask

from advocacy.core import clock, logs, uow
from advocacy.core.db import Statement, db, run_together
from advocacy.core.settings import Settings
from advocacy.queue.adapters.embedded.claiming import Claim, claim, due, give_back, longest_lease_s
from advocacy.queue.adapters.embedded.running import run_claim
from advocacy.queue.adapters.embedded.steps import ClockWatch

log = logs.get("queue")
TROUBLE_WAIT_S = 1.0

# "At once" of a clock that has since been set back would be a long wait.
_UNSTICK = Statement(
    """
    UPDATE job SET run_at = :now, created_at = :now
    WHERE state = 'ready' AND run_at = created_at AND created_at > :now
    RETURNING id
    """
)


class Consumer:
    """Runs jobs until stopped; ``watch`` says when leases can be judged, ``on_step`` hears of clock steps."""

    def __init__(self, app: Flask, owner: str, watch: ClockWatch, on_step: Callable[[], None]) -> None:
        settings: Settings = app.extensions["advocacy.settings"]
        self._app = app
        self._owner = owner
        self._watch = watch
        self._on_step = on_step
        self._poll_s = settings.queue.poll_ms / 1000
        self._runners = settings.queue.threads
        self._buffer: queue.SimpleQueue[Claim | None] = queue.SimpleQueue()
        self._hungry = threading.Event()
        self._stopping = threading.Event()
        self._in_hand: dict[int, Claim] = {}
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin."""
        targets = [(self._look_and_claim, "queue-claim")]
        targets += [(self._run_jobs, f"queue-run-{number}") for number in range(self._runners)]
        self._threads = [threading.Thread(target=target, name=name, daemon=True) for target, name in targets]
        for thread in self._threads:
            thread.start()

    def is_alive(self) -> bool:
        """Whether every thread is."""
        return all(thread.is_alive() for thread in self._threads)

    def stop(self, within_s: float) -> bool:
        """Claim nothing more, finish what runs; ``False`` when that took longer (those leases are then given back)."""
        self._stopping.set()
        self._hungry.set()
        until = clock.monotonic() + within_s
        for thread in self._threads:
            thread.join(max(0.0, until - clock.monotonic()))
        left = list(self._in_hand.values())
        if left:
            self._return(left)
        return not any(thread.is_alive() for thread in self._threads)

    # --- claiming -------------------------------------------------------------------------------------------------

    def _look_and_claim(self) -> None:
        while not self._stopping.is_set():
            self._hungry.clear()
            wait_s = self._poll_s
            try:
                with self._app.app_context():
                    now = clock.now()  # before the look: a step behind this instant then cannot age it
                    self._mind_the_clock()
                    if self._fill(now):
                        wait_s = 0.0 if self._buffer.qsize() < self._runners else self._poll_s
            except Exception:
                log.exception("queue_trouble")
                wait_s = TROUBLE_WAIT_S
            if wait_s:
                self._hungry.wait(wait_s)
        self._return(self._empty_buffer())
        for _ in range(self._runners):
            self._buffer.put(None)

    def _fill(self, now: datetime) -> bool:
        """Claim as much as the runners will soon need; gives whether there was anything."""
        room = self._runners * 2 - self._buffer.qsize()
        if room < self._runners:
            return False
        found = due(now, reclaim=self._watch.trusts_leases(longest_lease_s()))
        claims = claim(found, self._owner, now, room) if found else []
        for item in claims:
            self._buffer.put(item)
        return bool(claims)

    def _mind_the_clock(self) -> None:
        step_s = self._watch.look()
        if step_s:
            log.warning("clock_stepped", by_s=round(step_s))
            self._on_step()
        if step_s < 0:
            with uow.unit():
                run_together(db.session(), [(_UNSTICK, {"now": clock.now()})])

    def _empty_buffer(self) -> list[Claim]:
        waiting: list[Claim] = []
        while not self._buffer.empty():
            item = self._buffer.get()
            if item is not None:
                waiting.append(item)
        return waiting

    def _return(self, claims: list[Claim]) -> None:
        if not claims:
            return
        try:
            with self._app.app_context():
                give_back(claims)
        except Exception:
            log.exception("queue_trouble")  # their leases run out by themselves

    # --- running --------------------------------------------------------------------------------------------------

    def _run_jobs(self) -> None:
        while (item := self._buffer.get()) is not None:
            if self._buffer.qsize() < self._runners:
                self._hungry.set()
            self._in_hand[item.id] = item
            try:
                run_claim(self._app, item)
            except Exception:
                log.exception("queue_trouble", job=item.name, job_id=item.id)  # not settled: its lease runs out
            finally:
                self._in_hand.pop(item.id, None)
