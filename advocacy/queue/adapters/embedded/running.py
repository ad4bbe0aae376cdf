"""Run a claimed job and settle it; a settlement counts only while the fence is still ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import delete, select, text

from advocacy.core import clock, logs, uow
from advocacy.core.db import Statement, db, run_together
from advocacy.core.jobs_spec import GiveUp, Job, OutsideJob, RetryLater
from advocacy.queue.adapters.embedded.claiming import Claim
from advocacy.queue.models import JobRun, QueuedJob
from advocacy.queue.rules import retry_delay
from advocacy.web.manifest import house

log = logs.get("queue")
RUNS_KEPT = 50


# Each changes the row only while its fence is still ours.
_RENEW = Statement(
    """
    UPDATE job SET lease_until = :until
    WHERE id = :id AND fence = :fence AND state = 'running' RETURNING id
    """
)
_REMOVE = Statement("DELETE FROM job WHERE id = :id AND fence = :fence AND state = 'running' RETURNING id")
_BURY = Statement(
    """
    UPDATE job SET state = 'dead', last_error = :reason, lease_until = NULL, lease_owner = NULL
    WHERE id = :id AND fence = :fence AND state = 'running' RETURNING id
    """
)
_PUT_BACK = Statement(
    """
    UPDATE job SET state = 'ready', last_error = :reason, lease_until = NULL, lease_owner = NULL,
        run_at = :run_at, attempts = :attempts
    WHERE id = :id AND fence = :fence AND state = 'running' RETURNING id
    """
)


class LeaseLost(Exception):
    """Somebody else may hold this job now: nothing of ours is stored."""


@dataclass(frozen=True)
class _Outcome:
    """How a run ended: ``done``, ``later``, ``failed`` (tried again) or ``dead``."""

    kind: str
    delay: timedelta = timedelta()
    reason: str | None = None


_DONE = _Outcome("done")


class _Run:
    """One run of one claimed job."""

    def __init__(self, item: Claim) -> None:
        self.item = item
        self.began = clock.monotonic()
        self.started_at = clock.now()

    def go(self) -> None:
        """Run the job as its kind asks."""
        item = self.item
        spec = house().jobs.get(item.name)
        if spec is None:
            msg = f"no room offers {item.name}"
            raise LookupError(msg)
        if clock.monotonic() > item.deadline:
            raise LeaseLost
        if item.attempts > spec.max_attempts:
            self._finish(lambda: _Outcome("dead", reason="the worker died each time"))
        elif isinstance(spec, Job):
            self._finish(lambda: _answer(lambda: spec.run(item.args)))
        else:
            self._go_outside(spec)

    def _go_outside(self, spec: OutsideJob) -> None:
        args = self.item.args
        with uow.unit():
            prepared: list[Any] = []
            outcome = _answer(lambda: prepared.append(spec.prepare(args)))
            if outcome is not _DONE or prepared[0] is None:
                self._settle(outcome)
                return
            self._renew_lease(spec.lease_s)
        db.session.remove()
        result: list[Any] = []
        outcome = _answer(lambda: result.append(spec.perform(prepared[0])))
        if outcome is _DONE:
            self._finish(lambda: _answer(lambda: spec.settle(args, result[0])))
        else:
            self._finish(lambda: outcome)

    def fail(self, error: Exception) -> None:
        """Settle an unexpected error: again later, or a dead letter after too many."""
        spec = house().jobs.get(self.item.name)
        is_last = self.item.attempts >= (spec.max_attempts if spec else 8)
        reason = type(error).__name__
        outcome = _Outcome("dead" if is_last else "failed", retry_delay(self.item.attempts), reason)
        self._finish(lambda: outcome)

    def _finish(self, work: Callable[[], _Outcome]) -> None:
        with uow.unit():
            self._settle(work())

    def _renew_lease(self, lease_s: int) -> None:
        """Go out with a whole lease: part of the first went by while others were served."""
        if not self._change(_RENEW, until=clock.now() + timedelta(seconds=lease_s)):
            raise LeaseLost

    def _change(self, statement: Statement, **params: Any) -> bool:  # noqa: ANN401 - values of columns
        """Change the job's row; ``False`` when it is not ours any more."""
        params |= {"id": self.item.id, "fence": self.item.fence}
        return bool(run_together(db.session(), [(statement, params)])[0])

    def _settle(self, outcome: _Outcome) -> None:
        if outcome.kind in {"dead", "failed"}:
            log.warning(
                "job_not_done", kind=outcome.kind, job=self.item.name, job_id=self.item.id, reason=outcome.reason
            )
        if not self._store(outcome):
            raise LeaseLost
        name = self.item.periodic_name
        if name is not None:
            self._note_run(name, outcome)

    def _store(self, outcome: _Outcome) -> bool:
        """Whether the job was still ours to settle."""
        reason = (outcome.reason or "")[:200]
        if outcome.kind == "dead":
            return self._change(_BURY, reason=reason)
        if outcome.kind == "done" or self._has_twin():
            return self._change(_REMOVE)
        attempts = self.item.attempts - (outcome.kind == "later")
        return self._change(_PUT_BACK, reason=reason, run_at=clock.now() + outcome.delay, attempts=attempts)

    def _has_twin(self) -> bool:
        """Whether a waiting job with the same key will do this work."""
        if self.item.dedupe_key is None:
            return False
        twin = select(QueuedJob.id).where(QueuedJob.dedupe_key == self.item.dedupe_key, text("state = 'ready'"))
        return db.session.scalar(twin) is not None

    def _note_run(self, name: str, outcome: _Outcome) -> None:
        took_ms = round((clock.monotonic() - self.began) * 1000)
        db.session.add(
            JobRun(
                name=name,
                started_at=self.started_at,
                took_ms=took_ms,
                outcome=outcome.kind,
                error=(outcome.reason or "")[:200] or None,
            )
        )
        db.session.flush()
        oldest = select(JobRun.id).where(JobRun.name == name).order_by(JobRun.id.desc()).offset(RUNS_KEPT).limit(1)
        too_old = delete(JobRun).where(JobRun.name == name, JobRun.id <= oldest.scalar_subquery())
        db.session.execute(too_old.execution_options(synchronize_session=False))


def _answer(work: Callable[[], object]) -> _Outcome:
    """Do ``work``; asking for later and giving up are answers, so what was written before them is kept."""
    try:
        work()
    except RetryLater as later:
        return _Outcome("later", later.delay, later.reason)
    except GiveUp as given_up:
        return _Outcome("dead", reason=str(given_up))
    return _DONE


def run_claim(app: Flask, item: Claim) -> Exception | None:
    """Run one job to its settlement; gives the unexpected error it failed with, which is settled already."""
    with app.app_context():
        run = _Run(item)
        try:
            run.go()
        except LeaseLost:
            log.warning("job_lease_lost", job=item.name, job_id=item.id, fence=item.fence)
        except Exception as error:
            log.exception("job_error", job=item.name, job_id=item.id)
            try:
                run.fail(error)
            except LeaseLost:
                log.warning("job_lease_lost", job=item.name, job_id=item.id, fence=item.fence)
            return error
    return None
