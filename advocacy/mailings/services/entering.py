"""Bring people onto ladders, and let them go: all by what they did themselves, or by an organizer's hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import CursorResult, Select, and_, exists, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from advocacy.audit import services as audit
from advocacy.consent.models import OptIn, OptInState, Purpose
from advocacy.core import clock, logs
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound
from advocacy.mailings import audiences
from advocacy.mailings import ladder_queries as queries
from advocacy.mailings.audiences import Rule
from advocacy.mailings.ladder_models import (
    Enrollment,
    EnrollmentState,
    Entry,
    Ladder,
    LadderState,
    LadderVersion,
)
from advocacy.queue import port
from advocacy.supporters.models import Person

log = logs.get("mailings")
ENTER_JOB, END_JOB = "mailings.enter_ladder", "mailings.end_ladder"
ENTER_BATCH = 1000
TAKING = (LadderState.ACTIVE, LadderState.PAUSED)
NOW_ON = (LadderVersion.ladder_id == Ladder.id) & (LadderVersion.number == Ladder.current)


def enter_by_opt_in(coalition_id: int, person_id: int, purpose: str) -> None:
    """Bring somebody who has just agreed onto the ladders that begin with that."""
    for version in _open_versions(coalition_id, LadderVersion.entry == Entry.OPT_IN, LadderVersion.purpose == purpose):
        _enter(version, person_id)


def enter_by_signature(coalition_id: int, person_id: int, petition_id: int) -> None:
    """Bring somebody who signed onto the ladders that begin with that, where they may be written to."""
    for version in _open_versions(coalition_id, LadderVersion.entry_petition_id == petition_id):
        agreed = select(OptIn.id).where(_may_be_written_to(version), OptIn.person_id == person_id)
        if db.session.execute(agreed).first() is not None:
            _enter(version, person_id)


def concerns_ladders(coalition_id: int, petition_id: int) -> bool:
    """Whether a signature under this petition can bring anybody onto a ladder, or off it."""
    named = (LadderVersion.entry_petition_id == petition_id) | (LadderVersion.goal_petition_id == petition_id)
    wanted = exists().where(LadderVersion.coalition_id == coalition_id, named, LadderVersion.published_at.is_not(None))
    return bool(db.session.execute(select(wanted)).scalar())


def leave_by_goal(coalition_id: int, person_id: int, petition_id: int) -> None:
    """Let somebody go whose ladder has reached what it is for."""
    _leave(person_id, coalition_id, LadderVersion.goal_petition_id == petition_id, "goal_reached")


def leave_by_opt_out(coalition_id: int, person_id: int, purpose: str) -> None:
    """Let somebody go at once who took their leave back."""
    _leave(person_id, coalition_id, LadderVersion.purpose == purpose, "opted_out")


def matching(version: LadderVersion, rule: Rule | None = None) -> Select[int]:
    """The ids of everybody whom the rule means, by leave for the ladder's purpose, and who was never on the ladder."""
    rule = replace(rule, purpose=Purpose(version.purpose)) if rule else Rule(Purpose(version.purpose))
    found = audiences.people(version.coalition_id, rule).subquery()
    was_there = exists().where(Enrollment.ladder_id == version.ladder_id, Enrollment.person_id == found.c.contact_id)
    return select(found.c.contact_id).where(~was_there)


def enter_later(version: LadderVersion, rule: Rule) -> None:
    """Let the worker bring in everybody who matches, some at a time."""
    port.enqueue(db.session(), ENTER_JOB, {"version": version.id, "rule": rule.as_json()}, priority=60)


def enter_some(version_id: int, rule: Rule) -> None:
    """Bring in the next of those who match; asks for the rest. Everybody comes in once, however often it runs."""
    version = db.session.get(LadderVersion, version_id)
    if version is None or not _open_versions(version.coalition_id, LadderVersion.id == version_id):
        return
    now = clock.now()
    some = matching(version, rule).limit(ENTER_BATCH).subquery()
    columns = (
        Enrollment.coalition_id,
        Enrollment.ladder_id,
        Enrollment.version_id,
        Enrollment.person_id,
        Enrollment.turn,
        Enrollment.state,
        Enrollment.due_at,
        Enrollment.entered_at,
        Enrollment.fence,
        Enrollment.attempts,
    )
    values = select(
        literal(version.coalition_id),
        literal(version.ladder_id),
        literal(version.id),
        some.c.contact_id,
        literal(1),
        literal(str(EnrollmentState.WAITING)),
        literal(now, Enrollment.due_at.type),
        literal(now, Enrollment.entered_at.type),
        literal(0),
        literal(0),
    )
    made = db.session.execute(insert(Enrollment).from_select([column.key for column in columns], values))
    count = cast("CursorResult[Any]", made).rowcount
    log.info("ladder_entered", ladder_id=version.ladder_id, count=count)
    if count == ENTER_BATCH:
        enter_later(version, rule)


def add_everybody(actor: Actor, public_id: str, rule: Rule) -> None:
    """Bring everybody whom the rule means onto a ladder; the worker does it.

    Raises: NotAllowed, NotFound, Conflict when the ladder takes nobody.
    """
    ladder = queries.ladder(actor, public_id, queries.MANAGE, lock=True)
    if ladder.state not in TAKING:
        raise Conflict(_("This ladder takes nobody new."))
    enter_later(queries.current_of(ladder), rule)
    audit.record(actor, "ladder.people_added", "ladder", ladder.id, coalition_id=ladder.coalition_id)


def take_out(actor: Actor, public_id: str, person_id: str) -> None:
    """Take one person off a ladder; doing it twice changes nothing.

    Raises: NotAllowed, NotFound.
    """
    ladder = queries.ladder(actor, public_id, queries.MANAGE)
    person = select(Person.id).where(Person.coalition_id == ladder.coalition_id, Person.public_id == person_id)
    known = db.session.execute(person).scalar_one_or_none()
    on_it = select(Enrollment.id).where(Enrollment.ladder_id == ladder.id, Enrollment.person_id == known).limit(1)
    if db.session.execute(on_it).scalar_one_or_none() is None:
        raise NotFound
    _let_go("taken_out", Enrollment.ladder_id == ladder.id, Enrollment.person_id == known)
    audit.record(actor, "ladder.person_taken_out", "ladder", ladder.id, coalition_id=ladder.coalition_id)


def end_some(ladder_id: int) -> None:
    """Let the next people go of a ladder that is stopped; asks for the rest."""
    ladder = db.session.get(Ladder, ladder_id)
    if ladder is None or ladder.state != LadderState.STOPPED:
        return
    some = (
        select(Enrollment.id)
        .where(Enrollment.ladder_id == ladder_id, Enrollment.state == EnrollmentState.WAITING)
        .order_by(Enrollment.id)
        .limit(ENTER_BATCH)
    )
    if _let_go("stopped", Enrollment.id.in_(some)) == ENTER_BATCH:
        end_later(ladder_id)


def end_later(ladder_id: int) -> None:
    """Let the worker let everybody go of a ladder that is stopped."""
    port.enqueue(db.session(), END_JOB, {"ladder": ladder_id}, priority=60)


def purge(before: datetime, limit: int) -> int:
    """Forget ways that ended before ``before``, with their steps."""
    ids = db.session.execute(select(Enrollment.id).where(Enrollment.ended_at < before).limit(limit)).scalars().all()
    gone = Enrollment.__table__.delete().where(Enrollment.id.in_(ids))  # type: ignore[attr-defined]
    db.session.execute(gone)
    return len(ids)


def _enter(version: LadderVersion, person_id: int) -> None:
    """Begin a way, unless the person is on it or was, and the ladder does not take them again yet."""
    now = clock.now()
    last = (
        select(Enrollment.turn, Enrollment.state, Enrollment.ended_at)
        .where(Enrollment.ladder_id == version.ladder_id, Enrollment.person_id == person_id)
        .order_by(Enrollment.turn.desc())
        .limit(1)
    )
    found = db.session.execute(last).one_or_none()
    if found is not None and not _may_come_again(version, found.ended_at, now):
        return
    made = Enrollment(
        coalition_id=version.coalition_id,
        ladder_id=version.ladder_id,
        version_id=version.id,
        person_id=person_id,
        turn=1 if found is None else found.turn + 1,
        state=EnrollmentState.WAITING,
        due_at=now,
        entered_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:  # the same person came in by another door at this moment
        return
    log.info("ladder_entered", ladder_id=version.ladder_id, enrollment_id=made.id)


def _may_come_again(version: LadderVersion, ended_at: datetime | None, now: datetime) -> bool:
    days = version.again_after_days
    return days is not None and ended_at is not None and ended_at + timedelta(days=days) <= now


def _open_versions(coalition_id: int, *conditions: Any) -> Sequence[LadderVersion]:  # noqa: ANN401 - SQLAlchemy
    wanted = (
        select(LadderVersion)
        .join(Ladder, NOW_ON)
        .where(Ladder.coalition_id == coalition_id, Ladder.state.in_(TAKING), *conditions)
        .order_by(LadderVersion.id)
    )
    return db.session.execute(wanted).scalars().all()


def _may_be_written_to(version: LadderVersion) -> Any:  # noqa: ANN401 - a SQLAlchemy condition
    return and_(
        OptIn.coalition_id == version.coalition_id,
        OptIn.purpose == version.purpose,
        OptIn.organization_id.is_(None),
        OptIn.state == OptInState.CONFIRMED,
    )


def _leave(person_id: int, coalition_id: int, which: Any, reason: str) -> None:  # noqa: ANN401 - SQLAlchemy
    versions = select(LadderVersion.id).where(LadderVersion.coalition_id == coalition_id, which)
    of_person = Enrollment.person_id == person_id
    _let_go(reason, Enrollment.coalition_id == coalition_id, of_person, Enrollment.version_id.in_(versions))


def _let_go(reason: str, *which: Any) -> int:  # noqa: ANN401 - SQLAlchemy conditions
    """End the ways that still go on; whoever has one in hand finds it ended."""
    ended = update(Enrollment).where(Enrollment.state == EnrollmentState.WAITING, *which)
    values = {"due_at": None, "claimed_until": None, "ended_at": clock.now()}
    made = db.session.execute(
        ended.values(state=EnrollmentState.LEFT, reason=reason, **values).execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", made).rowcount
