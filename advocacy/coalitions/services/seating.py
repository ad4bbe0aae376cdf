"""Committees and their seats: made with a fixed number, given for a term, ended."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from advocacy.accounts.services import sessions
from advocacy.audit import services as audit
from advocacy.coalitions import committee_queries as committees
from advocacy.coalitions import queries, rules
from advocacy.coalitions.committee_models import MOST_SEATS, Committee, CommitteeKind, Seat, SeatTerm
from advocacy.coalitions.services.founding import checked_name
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from advocacy.core.ids import new_public_id

VERB = "committees.manage"
NAME_LENGTH = 120


def create_committee(
    actor: Actor,
    coalition_id: int,
    *,
    name: str,
    kind: str,
    purpose: str = "",
    seat_count: int,
    lived_experience_seats: int = 0,
) -> Committee:
    """Make a committee with its seats; the last ones are for people with lived experience.

    Raises: NotAllowed, RuleBroken naming the field.
    """
    rules.require(actor, VERB, coalition_id)
    name = checked_name(name)
    if len(name) > NAME_LENGTH:
        raise RuleBroken(_("Use at most %(num)s characters.", num=NAME_LENGTH), field="name")
    if kind not in set(CommitteeKind):
        raise RuleBroken(_("Choose one of the answers."), field="kind")
    if not 1 <= seat_count <= MOST_SEATS:
        raise RuleBroken(_("A committee has from 1 to %(num)s seats.", num=MOST_SEATS), field="seat_count")
    if not 0 <= lived_experience_seats <= seat_count:
        raise RuleBroken(_("These are among the seats, so there cannot be more."), field="lived_experience_seats")
    made = Committee(
        coalition_id=coalition_id,
        public_id=new_public_id(),
        name=name,
        kind=kind,
        purpose=purpose,
        seat_count=seat_count,
        min_lived_experience_seats=lived_experience_seats,
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    open_seats = seat_count - lived_experience_seats
    db.session.add_all(
        Seat(
            coalition_id=coalition_id,
            committee_id=made.id,
            number=number,
            lived_experience=number > open_seats,
        )
        for number in range(1, seat_count + 1)
    )
    db.session.flush()
    facts = {"seats": seat_count, "lived_experience_seats": lived_experience_seats}
    audit.record(actor, "committee.created", "committee", made.id, coalition_id=coalition_id, facts=facts)
    return made


def give_seat(
    actor: Actor, public_id: str, number: int, user_id: int, *, from_on: date, until_on: date | None = None
) -> SeatTerm:
    """Give a free seat to somebody who belongs to the coalition.

    Raises: NotFound, NotAllowed (also for oneself), RuleBroken, Conflict when the seat or the person is taken.
    """
    found = committees.committee(actor, public_id, VERB)
    if actor.user_id is not None and actor.user_id == user_id:
        raise NotAllowed(_("Nobody gives a seat to themselves. Please ask another administrator."))
    if found.coalition_id not in queries.roles_by_coalition(user_id):
        raise RuleBroken(_("Choose somebody who belongs to the coalition."), field="person")
    if until_on is not None and until_on < from_on:
        raise RuleBroken(_("The term ends after it begins."), field="until_on")
    return _give(actor, found, seat_of(found, number), user_id, term=(from_on, until_on))


def give_offered_seat(giver: Actor, seat_id: int, user_id: int, until_on: date | None) -> SeatTerm:
    """Give a seat to whoever accepted the invitation to it, from today, in the name of whoever invited.

    Raises: NotAllowed, NotFound, Conflict.
    """
    found = committees.committee_of_seat(seat_id)
    rules.require(giver, VERB, found.coalition_id)
    seat = db.session.get_one(Seat, seat_id)
    return _give(giver, found, seat, user_id, term=(clock.now().date(), until_on))


def seat_of(found: Committee, number: int) -> Seat:
    """A seat of a committee that is not closed.

    Raises: NotFound.
    """
    seat = db.session.execute(
        select(Seat).where(
            Seat.coalition_id == found.coalition_id, Seat.committee_id == found.id, Seat.number == number
        )
    ).scalar_one_or_none()
    if seat is None or found.closed_at is not None:
        raise NotFound
    return seat


def _give(actor: Actor, found: Committee, seat: Seat, user_id: int, *, term: tuple[date, date | None]) -> SeatTerm:
    if found.closed_at is not None:
        raise Conflict(_("This committee is closed, so its seats have ended."))
    made = SeatTerm(
        coalition_id=found.coalition_id,
        committee_id=found.id,
        seat_id=seat.id,
        user_id=user_id,
        from_on=term[0],
        until_on=term[1],
        given_by=actor.user_id,
        started_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        raise Conflict(
            _("This seat is taken, or this person holds another seat of the committee."), field="person"
        ) from None
    sessions.end_sessions(user_id)
    _record(actor, "seat.given", made)
    return made


def end_seat(actor: Actor, public_id: str, number: int) -> None:
    """Make a seat free again.

    Raises: NotFound, NotAllowed.
    """
    found = committees.committee(actor, public_id, VERB)
    term = db.session.execute(
        select(SeatTerm)
        .join(Seat, (Seat.id == SeatTerm.seat_id) & (Seat.coalition_id == SeatTerm.coalition_id))
        .where(SeatTerm.committee_id == found.id, Seat.number == number, SeatTerm.ended_at.is_(None))
        .with_for_update(of=SeatTerm)
    ).scalar_one_or_none()
    if term is None:
        raise NotFound
    term.ended_at, term.ended_by = clock.now(), actor.user_id
    db.session.flush()
    sessions.end_sessions(term.user_id)
    _record(actor, "seat.ended", term)


def close_committee(actor: Actor, public_id: str) -> None:
    """Close a committee; its seats end.

    Raises: NotFound, NotAllowed.
    """
    found = committees.committee(actor, public_id, VERB)
    if found.closed_at is not None:
        return
    now = clock.now()
    ended = (
        update(SeatTerm)
        .where(SeatTerm.committee_id == found.id, SeatTerm.ended_at.is_(None))
        .values(ended_at=now, ended_by=actor.user_id)
        .returning(SeatTerm.user_id)
    )
    users = list(db.session.execute(ended.execution_options(synchronize_session=False)).scalars())
    found.closed_at = now
    db.session.flush()
    for user_id in users:
        sessions.end_sessions(user_id)
    audit.record(actor, "committee.closed", "committee", found.id, coalition_id=found.coalition_id)


def _record(actor: Actor, action: str, term: SeatTerm) -> None:
    audit.record(actor, action, "user", term.user_id, coalition_id=term.coalition_id, facts={"seat_id": term.seat_id})
