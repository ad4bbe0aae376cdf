"""Deadlines that a coalition keeps itself: add, change, finish, drop, take back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from advocacy.audit import services as audit
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.reminders import desk_queries as queries
from advocacy.reminders import rules
from advocacy.reminders.kinds import DeadlineKind
from advocacy.reminders.models import Reminder
from advocacy.reminders.own_models import OwnDeadline, OwnDeadlinePerson, OwnState
from advocacy.reminders.services import deadlines, deriving
from advocacy.web.manifest import house

OWN = queries.OWN


@dataclass(frozen=True)
class OwnWords:
    """What somebody writes of a deadline; ``event_at`` is what its rule counts from, ``people`` are accounts."""

    title: str
    rule: rules.type_rule
    tz: str
    event_at: datetime | None = None
    kind: str = DeadlineKind.OTHER
    note: str = ""
    source: str = ""
    is_checked: bool = False
    people: Collection[int] = ()


def add_own(actor: Actor, coalition_id: int, words: OwnWords) -> OwnDeadline:
    """Keep a deadline.

    Raises: NotAllowed, RuleBroken naming the field.
    """
    queries.require(actor, queries.MANAGE, coalition_id)
    now = clock.now()
    made = OwnDeadline(coalition_id=coalition_id, public_id=new_public_id(), made_at=now)
    _fill(made, words)
    db.session.add(made)
    db.session.flush()
    _settle(made, words, was_checked_at=None)
    _record(actor, "deadline.added", made)
    return made


def change_own(actor: Actor, public_id: str, words: OwnWords, *, version: int) -> OwnDeadline:
    """Change what is due, or move it; one that was dropped or done is open again.

    Raises: NotAllowed, NotFound, Conflict when somebody changed it since ``version``, RuleBroken naming the field.
    """
    found = queries.own(actor, public_id, queries.MANAGE, lock=True)
    if found.version != version:
        raise Conflict(_("Somebody else changed this meanwhile. Please reload the page and look again."))
    before = queries.deadline_of(found)
    rev, was_checked_at = before.rev, before.verified_at if before.source == words.source else None
    _fill(found, words)
    db.session.flush()
    _settle(found, words, was_checked_at)
    _record(actor, "deadline.moved" if queries.deadline_of(found).rev != rev else "deadline.changed", found)
    return found


def finish_own(actor: Actor, public_id: str) -> None:
    """Say that it is done.

    Raises: NotAllowed, NotFound.
    """
    found = queries.own(actor, public_id, queries.MANAGE, lock=True)
    if found.state != OwnState.OPEN:
        return
    found.state, found.changed_at = OwnState.DONE, clock.now()
    deadlines.meet_deadline(OWN, OWN, found.id)
    _record(actor, "deadline.done", found)


def drop_own(actor: Actor, public_id: str) -> None:
    """Let it fall; nobody is reminded any more.

    Raises: NotAllowed, NotFound.
    """
    found = queries.own(actor, public_id, queries.MANAGE, lock=True)
    if found.state != OwnState.OPEN:
        return
    found.state, found.changed_at = OwnState.DROPPED, clock.now()
    deadlines.drop_deadline(OWN, OWN, found.id)
    _record(actor, "deadline.dropped", found)


def restore_own(actor: Actor, public_id: str) -> None:
    """Take back that it was done or dropped.

    Raises: NotAllowed, NotFound, Conflict when its time has passed.
    """
    found = queries.own(actor, public_id, queries.MANAGE, lock=True)
    if found.state == OwnState.OPEN:
        return
    row = queries.deadline_of(found)
    if row.due_at <= clock.now():
        raise Conflict(_("Its time has passed. Change it to give it another date."))
    found.state, found.changed_at = OwnState.OPEN, clock.now()
    deadlines.reopen_deadline(OWN, OWN, found.id)
    _record(actor, "deadline.restored", found)


def due_of(words: OwnWords) -> datetime:
    """The instant that the words name.

    Raises: RuleBroken naming the field.
    """
    if words.event_at is None and not isinstance(words.rule, rules.Fixed):
        raise RuleBroken(_("Say from which day it is counted."), field="event_on")
    return deriving.due_at(words.rule, words.event_at or clock.now(), words.tz)


def export(user_id: int) -> Mapping[str, Any]:
    """The deadlines of which somebody is reminded, oldest first, and each reminder that was or will be said to them."""
    mine = select(OwnDeadlinePerson.own_deadline_id).where(OwnDeadlinePerson.user_id == user_id)
    titles = db.session.scalars(select(OwnDeadline.title).where(OwnDeadline.id.in_(mine)).order_by(OwnDeadline.id))
    said = db.session.scalars(select(Reminder).where(Reminder.recipient_id == user_id).order_by(Reminder.id))
    return {
        "reminded_of": list(titles),
        "reminders": [
            {"at": row.fire_at.isoformat(), "due_at": row.due_at.isoformat(), "state": row.state, "reason": row.reason}
            for row in said
        ],
    }


def erase(user_id: int) -> None:
    """Remind somebody of nothing any more, and forget what they were reminded of."""
    for gone in (
        delete(OwnDeadlinePerson).where(OwnDeadlinePerson.user_id == user_id),
        delete(Reminder).where(Reminder.recipient_id == user_id),
    ):
        db.session.execute(gone.execution_options(synchronize_session=False))


def _fill(found: OwnDeadline, words: OwnWords) -> None:
    if not words.title:
        raise RuleBroken(_("Please fill this in."), field="title")
    if words.kind not in set(DeadlineKind):
        raise RuleBroken(_("Choose one of the list."), field="kind")
    found.title, found.kind, found.note = words.title, words.kind, words.note
    found.state, found.changed_at = OwnState.OPEN, clock.now()


def _settle(found: OwnDeadline, words: OwnWords, was_checked_at: datetime | None) -> None:
    due_at = due_of(words)
    if due_at <= clock.now():
        raise RuleBroken(_("This lies in the past. A deadline is kept for what is to come."), field="form")
    members = house().members(found.coalition_id, queries.VIEW)
    if not set(words.people) <= set(members):
        raise RuleBroken(_("Choose people who can see the deadlines of this coalition."), field="people")
    kept = set(queries.people(found.id))
    gone = OwnDeadlinePerson.user_id.in_(kept - set(words.people))
    db.session.execute(delete(OwnDeadlinePerson).where(OwnDeadlinePerson.own_deadline_id == found.id, gone))
    added = sorted(set(words.people) - kept)
    db.session.add_all(OwnDeadlinePerson(own_deadline_id=found.id, user_id=user_id) for user_id in added)
    checked_at = clock.now() if words.is_checked else was_checked_at
    deadlines.set_deadline(
        kind=OWN,
        coalition_id=found.coalition_id,
        object_kind=OWN,
        object_id=found.id,
        due_at=due_at,
        tz=words.tz,
        terms=deadlines.Terms(words.rule, words.event_at, words.source, checked_at if words.source else None),
    )
    db.session.flush()


def _record(actor: Actor, what: str, found: OwnDeadline) -> None:
    facts = {"kind": found.kind, "state": found.state}
    audit.record(actor, what, OWN, found.id, coalition_id=found.coalition_id, facts=facts)
