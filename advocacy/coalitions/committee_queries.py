"""Reads about committees, their seats and who holds them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select

from advocacy.accounts import queries as accounts
from advocacy.coalitions import rules
from advocacy.coalitions.committee_models import Committee, Seat, SeatTerm
from advocacy.coalitions.models import Coalition, CoalitionState
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound

_HELD = and_(SeatTerm.seat_id == Seat.id, SeatTerm.coalition_id == Seat.coalition_id, SeatTerm.ended_at.is_(None))


@dataclass(frozen=True)
class SeatLine:
    """A seat with its holder; the name is empty while the seat is free."""

    seat_id: int
    number: int
    lived_experience: bool
    user_id: int | None
    name: str
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True)
class CommitteeLine:
    """A committee with how many of its seats are held."""

    committee: Committee
    held: int


def roles_by_seat(user_id: int) -> list[tuple[int, str]]:
    """The roles that seats in committees give an account: (coalition, role)."""
    rows = (
        select(SeatTerm.coalition_id)
        .join(Coalition, Coalition.id == SeatTerm.coalition_id)
        .where(SeatTerm.user_id == user_id, SeatTerm.ended_at.is_(None), Coalition.state != CoalitionState.DISSOLVED)
        .distinct()
    )
    return [(coalition_id, rules.SEAT_HOLDER) for coalition_id in db.session.execute(rows).scalars()]


def committees(actor: Actor) -> list[CommitteeLine]:
    """The committees of the coalition in view, oldest first, without those that were closed.

    Raises: NotAllowed.
    """
    rules.require(actor, "committees.view")
    held = (
        select(SeatTerm.committee_id, func.count().label("held"))
        .where(SeatTerm.coalition_id == actor.coalition_id, SeatTerm.ended_at.is_(None))
        .group_by(SeatTerm.committee_id)
        .subquery()
    )
    rows = (
        select(Committee, func.coalesce(held.c.held, 0))
        .outerjoin(held, held.c.committee_id == Committee.id)
        .where(Committee.coalition_id == actor.coalition_id, Committee.closed_at.is_(None))
        .order_by(Committee.id)
    )
    return [CommitteeLine(found, int(count)) for found, count in db.session.execute(rows)]


def committee(actor: Actor, public_id: str, verb: str = "committees.view") -> Committee:
    """A committee of the coalition in view.

    Raises: NotFound, also for another coalition's; NotAllowed.
    """
    found = db.session.execute(
        select(Committee).where(Committee.coalition_id == actor.coalition_id, Committee.public_id == public_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    rules.require(actor, verb, found.coalition_id)
    return found


def seats(committee_id: int) -> list[SeatLine]:
    """The seats of a committee by number, with their holders."""
    rows = db.session.execute(
        select(Seat, SeatTerm).outerjoin(SeatTerm, _HELD).where(Seat.committee_id == committee_id).order_by(Seat.number)
    ).all()
    names = accounts.names({term.user_id for _seat, term in rows if term is not None})
    return [
        SeatLine(
            seat_id=seat.id,
            number=seat.number,
            lived_experience=seat.lived_experience,
            user_id=term.user_id if term else None,
            name=names.get(term.user_id, "") if term else "",
            from_on=term.from_on if term else None,
            until_on=term.until_on if term else None,
        )
        for seat, term in rows
    ]


def lived_experience_seats(coalition_id: int, user_id: int | None = None) -> list[int]:
    """The lived-experience seats that somebody holds now, or that one account holds."""
    rows = (
        select(Seat.id)
        .join(SeatTerm, _HELD)
        .where(Seat.coalition_id == coalition_id, Seat.lived_experience)
        .order_by(Seat.id)
    )
    if user_id is not None:
        rows = rows.where(SeatTerm.user_id == user_id)
    return list(db.session.execute(rows).scalars())


def holders(seat_ids: Iterable[int]) -> list[int]:
    """The accounts that hold these seats now."""
    rows = select(SeatTerm.user_id).where(SeatTerm.seat_id.in_(list(seat_ids)), SeatTerm.ended_at.is_(None))
    return list(db.session.execute(rows.distinct().order_by(SeatTerm.user_id)).scalars())
