"""Reads about ladders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from advocacy.coalitions import rules as roles
from advocacy.core.actor import Actor
from advocacy.core.counting import Counted, counted_rows
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.mailings.ladder_models import Enrollment, EnrollmentState, Ladder, LadderState, LadderStep, LadderVersion
from advocacy.petitions.models import Petition
from advocacy.supporters import queries as supporters
from advocacy.supporters.models import Person

VIEW, MANAGE = "mailings.view", "mailings.manage"
SHOWN = 100
PAGE = 30


@dataclass(frozen=True)
class Line:
    """One person on a ladder, as the desk shows them."""

    row: Enrollment
    person: Person
    name: str


def ladders_of(actor: Actor) -> Sequence[Ladder]:
    """The newest ladders of the coalition in view; those that are over come last.

    Raises: NotAllowed.
    """
    roles.require(actor, VIEW, actor.coalition_id)
    wanted = select(Ladder).where(Ladder.coalition_id == actor.coalition_id)
    is_over = Ladder.state == LadderState.STOPPED
    return db.session.execute(wanted.order_by(is_over, Ladder.id.desc()).limit(SHOWN)).scalars().all()


def ladder(actor: Actor, public_id: str, verb: str = VIEW, *, lock: bool = False) -> Ladder:
    """A ladder of the coalition in view.

    Raises: NotFound, also for another coalition's; NotAllowed.
    """
    wanted = select(Ladder).where(Ladder.public_id == public_id)
    if not actor.is_system:
        wanted = wanted.where(Ladder.coalition_id == actor.coalition_id)
    found = db.session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    roles.require(actor, verb, found.coalition_id)
    return found


def draft_of(found: Ladder) -> LadderVersion | None:
    """The version that is being written."""
    wanted = select(LadderVersion).where(LadderVersion.ladder_id == found.id, LadderVersion.published_at.is_(None))
    return db.session.execute(wanted).scalar_one_or_none()


def current_of(found: Ladder) -> LadderVersion:
    """The version that new people go by.

    Raises: NotFound before the first is published.
    """
    return version_of(found, found.current)


def version_of(found: Ladder, number: int) -> LadderVersion:
    """A published version.

    Raises: NotFound.
    """
    wanted = select(LadderVersion).where(
        LadderVersion.ladder_id == found.id,
        LadderVersion.number == number,
        LadderVersion.published_at.is_not(None),
    )
    version = db.session.execute(wanted).scalar_one_or_none()
    if version is None:
        raise NotFound
    return version


def published_numbers(found: Ladder) -> Sequence[int]:
    """The numbers of the published versions, newest first; at most as many as a page holds."""
    wanted = select(LadderVersion.number).where(
        LadderVersion.ladder_id == found.id, LadderVersion.published_at.is_not(None)
    )
    return db.session.execute(wanted.order_by(LadderVersion.number.desc()).limit(SHOWN)).scalars().all()


def last_number(found: Ladder) -> int:
    """The number of the newest version."""
    newest = select(func.max(LadderVersion.number)).where(LadderVersion.ladder_id == found.id)
    return int(db.session.execute(newest).scalar_one())


def steps_of(version_id: int) -> Sequence[LadderStep]:
    """The steps of a version in their order."""
    wanted = select(LadderStep).where(LadderStep.version_id == version_id).order_by(LadderStep.rung)
    return db.session.execute(wanted).scalars().all()


def waiting_at(steps: Sequence[LadderStep]) -> dict[int, Counted]:
    """How many people wait before each step, by its id."""
    is_waiting = Enrollment.state == EnrollmentState.WAITING
    before = [select(Enrollment.id).where(Enrollment.step_id == step.id, is_waiting) for step in steps]
    return dict(zip([step.id for step in steps], _counted(before), strict=True))


def ends_of(found: Ladder) -> dict[str, Counted]:
    """How many people wait, came to the end, left or failed."""
    of_ladder = select(Enrollment.id).where(Enrollment.ladder_id == found.id)
    names = [str(state) for state in EnrollmentState]
    return dict(zip(names, _counted([of_ladder.where(Enrollment.state == name) for name in names]), strict=True))


def size_of(people: Select[int]) -> Counted:
    """How many people a select means."""
    return _counted([people])[0]


def people_on(found: Ladder, state: str, before: int | None) -> tuple[list[Line], int | None]:
    """People on a ladder, the newest first, and where the next page begins."""
    wanted = (
        select(Enrollment, Person)
        .join(Person, (Person.id == Enrollment.person_id) & (Person.coalition_id == Enrollment.coalition_id))
        .where(Enrollment.ladder_id == found.id, Enrollment.state == state)
        .order_by(Enrollment.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        wanted = wanted.where(Enrollment.id < before)
    rows = db.session.execute(wanted).all()
    lines = [Line(row, person, masked(supporters.person_name(person))) for row, person in rows[:PAGE]]
    return lines, (lines[-1].row.id if len(rows) > PAGE else None)


def step_names(lines: Sequence[Line]) -> Mapping[int, LadderStep]:
    """The steps at which these people stand, by id."""
    ids = {line.row.step_id for line in lines if line.row.step_id is not None}
    return {step.id: step for step in db.session.execute(select(LadderStep).where(LadderStep.id.in_(ids))).scalars()}


def petition_choices(coalition_id: int) -> Sequence[Petition]:
    """The newest petitions of a coalition."""
    wanted = select(Petition).where(Petition.coalition_id == coalition_id)
    return db.session.execute(wanted.order_by(Petition.id.desc()).limit(SHOWN)).scalars().all()


def petition_titles(found: Ladder) -> dict[int, str]:
    """The titles that steps can name."""
    return {one.id: one.title for one in petition_choices(found.coalition_id)}


def masked(name: str) -> str:
    """A name that those who know the person recognise: its initials."""
    return " ".join(f"{word[:1]}…" for word in name.split()[:3])


def _counted(wanted: Sequence[Select[int]]) -> list[Counted]:
    if not wanted:
        return []
    return [Counted(size) for size in db.session.execute(select(*map(counted_rows, wanted))).one()]
