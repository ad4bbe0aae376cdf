"""Take the steps that are due: claimed in batches, each in its own transaction, each once.

All that a step does is rows of that transaction (its mail too), so a worker that dies leaves it wholly done or undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select, update

from advocacy.core import clock, logs, uow
from advocacy.core.db import db
from advocacy.mailings import ladder_people, ladder_rules
from advocacy.mailings.ladder_models import (
    Enrollment,
    EnrollmentState,
    Ladder,
    LadderState,
    LadderStep,
    LadderVersion,
    StepKind,
    StepRun,
)
from advocacy.mailings.services import ladder_mail
from advocacy.supporters.models import Person, PersonState

log = logs.get("mailings")
BATCH = 200
CLAIM = timedelta(minutes=5)
MAX_ATTEMPTS = 6
FIRST_PAUSE = timedelta(minutes=1)
LOOK_AGAIN = timedelta(minutes=10)
"""A paused ladder is looked at so often; its people go on within this time after it is resumed."""


@dataclass(frozen=True)
class Later:
    """The step waits until then."""

    at: datetime


@dataclass(frozen=True)
class Taken:
    """The step is taken, and leads there."""

    outcome: str
    target: str | int


@dataclass(frozen=True)
class _Climber:
    """One person on a ladder, with all that a step needs."""

    row: Enrollment
    ladder: Ladder
    version: LadderVersion
    person: Person


def is_anybody_due() -> bool:
    """Whether somebody's step is due that nobody has in hand."""
    return bool(db.session.execute(select(exists().where(_is_free(clock.now())))).scalar())


def claim(args: Mapping[str, Any]) -> list[tuple[int, int]] | None:
    """Take a batch of due people in hand; each with its fence."""
    del args
    now = clock.now()
    due = select(Enrollment.id).where(_is_free(now)).order_by(Enrollment.due_at, Enrollment.id).limit(BATCH)
    taken = (
        update(Enrollment)
        .where(Enrollment.id.in_(due.with_for_update(skip_locked=True)))
        .values(fence=Enrollment.fence + 1, attempts=Enrollment.attempts + 1, claimed_until=now + CLAIM)
        .returning(Enrollment.id, Enrollment.fence)
        .execution_options(synchronize_session=False)
    )
    return [(row.id, row.fence) for row in db.session.execute(taken)] or None


def climb(claimed: list[tuple[int, int]]) -> int:
    """Take each one's due steps, one transaction a step; who fails holds up nobody else. Gives how many failed."""
    failed = 0
    for enrollment_id, fence in claimed:
        try:
            for _ in range(ladder_rules.MAX_STEPS + 1):
                with uow.unit():
                    if not take_step(enrollment_id, fence):
                        break
        except Exception as error:
            failed += 1
            log.exception("ladder_step_failed", enrollment_id=enrollment_id)
            with uow.unit():
                _put_off(enrollment_id, fence, type(error).__name__)
    return failed


def take_step(enrollment_id: int, fence: int) -> bool:
    """Take one step of one person; gives whether the next is due already. Somebody else's claim is left alone."""
    climber = _climber(enrollment_id, fence)
    if climber is None:
        return False
    row, now = climber.row, clock.now()
    if row.attempts > MAX_ATTEMPTS:  # whoever had it in hand died each time
        _end(row, EnrollmentState.FAILED, "worker_died")
        return False
    reason = _reason_to_leave(climber)
    if reason is not None:
        _end(row, EnrollmentState.LEFT, reason)
        return False
    later = _not_before(climber, now)
    if later is not None:
        _wait(row, later)
        return False
    return _advance(climber, now)


def _not_before(climber: _Climber, now: datetime) -> datetime | None:
    """Until when nothing happens, if so."""
    due_at = climber.row.due_at
    if due_at is not None and due_at > now:
        return due_at
    return now + LOOK_AGAIN if climber.ladder.state == LadderState.PAUSED else None


def _advance(climber: _Climber, now: datetime) -> bool:
    """Take the step somebody stands before, or find the first."""
    row = climber.row
    steps = _steps(row.version_id)
    step = next((one for one in steps if one.id == row.step_id), None)
    if step is None:
        return _move(climber, steps[0])
    result = _do(climber, step)
    if isinstance(result, Later):
        _wait(row, result.at)
        return False
    db.session.add(StepRun(enrollment_id=row.id, step_id=step.id, outcome=result.outcome, ran_at=now))
    log.info("ladder_step", enrollment_id=row.id, step_id=step.id, outcome=result.outcome)
    return _move(climber, ladder_rules.follow(steps, step, result.target))


def _do(climber: _Climber, step: LadderStep) -> Later | Taken:
    """What the step does; waiting happened before it was due."""
    settings = step.settings
    if step.kind == StepKind.WAIT:
        return Taken("waited", ladder_rules.NEXT)
    if step.kind == StepKind.DECIDE:
        outcome = "yes" if ladder_people.answer(climber.person, settings) else "no"
        return Taken(outcome, settings[outcome])
    if settings["do"] != ladder_rules.MAIL:
        return Taken("went_on", ladder_rules.targets(step)[0])
    return _mail(climber, step)


def _mail(climber: _Climber, step: LadderStep) -> Later | Taken:
    row, now = climber.row, clock.now()
    manner = ladder_people.manner_of(climber.person)
    last = _last_mail(climber.person) if climber.version.is_one_mail_a_day else None
    at = ladder_rules.mail_at(now, manner, last)
    if at > now:
        return Later(at)
    is_queued = ladder_mail.queue(climber.person, climber.version.purpose, row.id, step.id)
    if is_queued:
        row.mailed_at = now
    return Taken("mailed" if is_queued else "no_address", ladder_rules.NEXT)


def _last_mail(person: Person) -> datetime | None:
    """When a ladder last wrote to this person; their row is the lock under which two ladders ask one by one."""
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    newest = (
        select(Enrollment.mailed_at)
        .where(
            Enrollment.coalition_id == person.coalition_id,
            Enrollment.person_id == person.id,
            Enrollment.mailed_at.is_not(None),
        )
        .order_by(Enrollment.mailed_at.desc())
        .limit(1)
    )
    return db.session.execute(newest).scalar_one_or_none()


def _reason_to_leave(climber: _Climber) -> str | None:
    version, person = climber.version, climber.person
    if climber.ladder.state == LadderState.STOPPED:
        return "stopped"
    if person.state != PersonState.ACTIVE:
        return "gone"
    if not ladder_people.may_be_written_to(person, version.purpose):
        return "opted_out"
    if version.goal_petition_id is not None and ladder_people.has_signed(person, version.goal_petition_id):
        return "goal_reached"
    return None


def _move(climber: _Climber, step: LadderStep | None) -> bool:
    """Bring somebody before a step; gives whether it is due already."""
    row, now = climber.row, clock.now()
    if step is None:
        _end(row, EnrollmentState.DONE, None)
        return False
    row.step_id, row.attempts = step.id, 0
    row.due_at = now
    if step.kind == StepKind.WAIT:
        row.due_at = ladder_rules.wait_until(step.settings, now, ladder_people.manner_of(climber.person).zone)
    if row.due_at > now:
        row.claimed_until = None
        return False
    return True


def _wait(row: Enrollment, at: datetime) -> None:
    row.due_at, row.claimed_until, row.attempts = at, None, 0


def _end(row: Enrollment, state: EnrollmentState, reason: str | None) -> None:
    row.state, row.reason, row.ended_at = state, reason, clock.now()
    row.due_at = row.claimed_until = None
    log.info("ladder_ended", enrollment_id=row.id, state=str(state), reason=reason)


def _put_off(enrollment_id: int, fence: int, error: str) -> None:
    """Try again later, at last no more."""
    climber = _climber(enrollment_id, fence)
    if climber is None:
        return
    row = climber.row
    if row.attempts >= MAX_ATTEMPTS:
        _end(row, EnrollmentState.FAILED, error[:40])
        return
    row.due_at, row.claimed_until = clock.now() + FIRST_PAUSE * 4 ** (row.attempts - 1), None


def _climber(enrollment_id: int, fence: int) -> _Climber | None:
    """Who is in hand under this fence, with the row locked."""
    mine = select(Enrollment).where(
        Enrollment.id == enrollment_id, Enrollment.fence == fence, Enrollment.state == EnrollmentState.WAITING
    )
    row = db.session.execute(mine.with_for_update()).scalar_one_or_none()
    if row is None:
        return None
    return _Climber(
        row,
        db.session.get_one(Ladder, row.ladder_id),
        db.session.get_one(LadderVersion, row.version_id),
        db.session.get_one(Person, row.person_id),
    )


def _steps(version_id: int) -> list[LadderStep]:
    wanted = select(LadderStep).where(LadderStep.version_id == version_id).order_by(LadderStep.rung)
    return list(db.session.execute(wanted).scalars())


def _is_free(now: datetime) -> Any:  # noqa: ANN401 - a SQLAlchemy condition
    in_hand = Enrollment.claimed_until
    # A claim far ahead was written by a clock that has since been set back.
    is_free = or_(in_hand.is_(None), in_hand <= now, in_hand > now + 2 * CLAIM)
    return and_(Enrollment.state == EnrollmentState.WAITING, Enrollment.due_at <= now, is_free)
