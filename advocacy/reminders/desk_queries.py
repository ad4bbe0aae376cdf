"""Reads for the page of deadlines: what is due, of whatever room, and what was said before it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, exists, or_, select, tuple_

from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotAllowed, NotFound
from advocacy.core.paging import Page, take_page
from advocacy.reminders.models import Deadline, DeadlineState, Reminder
from advocacy.reminders.own_models import OwnDeadline, OwnDeadlinePerson
from advocacy.web.manifest import ReminderKind, house
from advocacy.web.offers import About

VIEW, MANAGE = "deadlines.view", "deadlines.manage"
OWN = "own_deadline"
SIZE = 50
MOST_SAID = 200
NOTHING = About("")


class Shown(StrEnum):
    """Which deadlines a page lists."""

    AHEAD = "ahead"
    OVERDUE = "overdue"
    OVER = "over"


STATES = {
    Shown.AHEAD: (DeadlineState.UPCOMING,),
    Shown.OVERDUE: (DeadlineState.MISSED,),
    Shown.OVER: (DeadlineState.MET, DeadlineState.VOID),
}


@dataclass(frozen=True)
class Line:
    """A deadline in a list, and what it is about; ``id`` is the deadline's."""

    id: int
    deadline: Deadline
    about: About
    label: str


def require(actor: Actor, verb: str, coalition_id: int | None) -> int:
    """The coalition in view, for those who may do ``verb`` there.

    Raises: NotAllowed.
    """
    is_here = coalition_id is not None and (actor.is_system or actor.coalition_id == coalition_id)
    if coalition_id is None or not is_here or not house().can(actor, verb):
        raise NotAllowed(_("Your role does not allow this. An administrator of your coalition can change roles."))
    return coalition_id


def kinds(actor: Actor) -> dict[str, ReminderKind]:
    """The kinds of deadlines that somebody may see at the desk."""
    return {
        name: kind
        for name, kind in house().reminder_kinds.items()
        if kind.about is not None and kind.view and house().can(actor, kind.view)
    }


def lines(actor: Actor, shown: Shown, *, kind: str = "", mine: bool = False, after: int | None = None) -> Page[Line]:
    """Deadlines of the coalition in view: those to come the next one first, others the last one first.

    Raises: NotAllowed.
    """
    coalition_id = require(actor, VIEW, actor.coalition_id)
    known = kinds(actor)
    wanted = select(Deadline).where(
        Deadline.coalition_id == coalition_id,
        Deadline.state.in_(STATES[shown]),
        Deadline.kind.in_([kind] if kind in known else sorted(known)),
    )
    if mine:
        wanted = wanted.where(_is_of(actor.user_id or 0, known))
    last = None if after is None else db.session.get(Deadline, after)
    key = tuple_(Deadline.due_at, Deadline.id)
    if last is not None and last.coalition_id == coalition_id:
        end = tuple_(last.due_at, last.id)
        wanted = wanted.where(key > end if shown == Shown.AHEAD else key < end)
    order = (Deadline.due_at, Deadline.id)
    ordered = wanted.order_by(*(order if shown == Shown.AHEAD else (each.desc() for each in order)))
    return take_page(_with_things(db.session.scalars(ordered.limit(SIZE + 1)).all()), SIZE)


def line(actor: Actor, deadline_id: int) -> Line:
    """A deadline of the coalition in view.

    Raises: NotFound, also for another coalition's and for what the actor may not see; NotAllowed.
    """
    row = db.session.get(Deadline, deadline_id)
    if row is None or row.coalition_id is None or row.coalition_id != actor.coalition_id:
        raise NotFound
    require(actor, VIEW, row.coalition_id)
    if row.kind not in kinds(actor):
        raise NotFound
    return _with_things([row])[0]


def own(actor: Actor, public_id: str, verb: str = VIEW, *, lock: bool = False) -> OwnDeadline:
    """A deadline that the coalition in view keeps itself.

    Raises: NotFound, also for another coalition's; NotAllowed.
    """
    wanted = select(OwnDeadline).where(
        OwnDeadline.coalition_id == actor.coalition_id, OwnDeadline.public_id == public_id
    )
    found = db.session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    require(actor, verb, found.coalition_id)
    return found


def deadline_of(found: OwnDeadline) -> Deadline:
    """When one of the coalition's own is due."""
    return db.session.execute(select(Deadline).filter_by(kind=OWN, object_kind=OWN, object_id=found.id)).scalar_one()


def people(own_deadline_id: int) -> list[int]:
    """The accounts that are to be reminded."""
    wanted = select(OwnDeadlinePerson.user_id).where(OwnDeadlinePerson.own_deadline_id == own_deadline_id)
    return list(db.session.scalars(wanted.order_by(OwnDeadlinePerson.user_id)))


def said(deadline_id: int) -> Sequence[Reminder]:
    """What was said before a deadline, or why not; the newest first."""
    wanted = select(Reminder).where(Reminder.deadline_id == deadline_id)
    order = (Reminder.deadline_rev.desc(), Reminder.fire_at.desc(), Reminder.id.desc())
    return db.session.scalars(wanted.order_by(*order).limit(MOST_SAID)).all()


def about_own(ids: Collection[int]) -> dict[int, About]:
    """What the coalition's own deadlines are called."""
    rows = db.session.scalars(select(OwnDeadline).where(OwnDeadline.id.in_(ids)))
    return {row.id: About(row.public_id, row.title, f"/desk/deadlines/own/{row.public_id}") for row in rows}


def own_kinds(ids: Collection[int]) -> dict[int, str]:
    """For what the coalition's own deadlines are."""
    rows = db.session.execute(select(OwnDeadline.id, OwnDeadline.kind).where(OwnDeadline.id.in_(ids)))
    return {key: kind for key, kind in rows}  # noqa: C416 - rows are no pairs to the type checker


def _with_things(rows: Sequence[Deadline]) -> list[Line]:
    """One question a kind."""
    known = house().reminder_kinds
    things: dict[tuple[str, int], About] = {}
    for name in {row.kind for row in rows}:
        ask = known[name].about
        ids = [row.object_id for row in rows if row.kind == name]
        things |= {(name, key): found for key, found in (ask(ids) if ask else {}).items()}
    return [
        Line(row.id, row, things.get((row.kind, row.object_id), NOTHING), str(known[row.kind].label or row.kind))
        for row in rows
    ]


def _is_of(user_id: int, known: dict[str, ReminderKind]) -> ColumnElement[bool]:
    """Deadlines of things that are somebody's, and those of which they were reminded."""
    told = exists().where(Reminder.deadline_id == Deadline.id, Reminder.recipient_id == user_id)
    theirs = [
        and_(Deadline.kind == name, Deadline.object_id.in_(kind.mine(user_id)))
        for name, kind in known.items()
        if kind.mine is not None
    ]
    return or_(told, *theirs)
