"""Reads about committees, their seats and who holds them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, func, select, union

from advocacy.accounts import queries as accounts
from advocacy.accounts.models import User
from advocacy.coalitions import linking, rules
from advocacy.coalitions.committee_models import Committee, Seat, SeatTerm
from advocacy.coalitions.models import (
    SEAT_HOLDER,
    Coalition,
    CoalitionState,
    Invitation,
    InvitationState,
    MembershipRole,
)
from advocacy.coalitions.organization_models import MembershipPerson
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.text import fold

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
    return [(coalition_id, SEAT_HOLDER) for coalition_id in db.session.execute(rows).scalars()]


def committees(actor: Actor) -> list[CommitteeLine]:
    """The committees of the coalition in view, oldest first, without those that were closed; of a seat only its own.

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
    if not rules.sees_all(actor):
        rows = rows.where(Committee.id.in_(_own_committees(actor)))
    return [CommitteeLine(found, int(count)) for found, count in db.session.execute(rows)]


def committee(actor: Actor, public_id: str, verb: str = "committees.view") -> Committee:
    """A committee of the coalition in view.

    Raises: NotFound, also for another coalition's and, to whoever has no more than a seat, for every other one;
    NotAllowed.
    """
    found = db.session.execute(
        select(Committee).where(Committee.coalition_id == actor.coalition_id, Committee.public_id == public_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    rules.require(actor, verb, found.coalition_id)
    if not rules.sees_all(actor) and found.id not in set(db.session.execute(_own_committees(actor)).scalars()):
        raise NotFound
    return found


def _own_committees(actor: Actor) -> Select[int]:
    return select(SeatTerm.committee_id).where(
        SeatTerm.coalition_id == actor.coalition_id, SeatTerm.user_id == actor.user_id, SeatTerm.ended_at.is_(None)
    )


def speaks(actor: Actor) -> bool:
    """Whether somebody holds a seat that has a voice of its own in decisions."""
    if actor.coalition_id is None or actor.user_id is None:
        return False
    return bool(lived_experience_seats(actor.coalition_id, actor.user_id))


@dataclass(frozen=True)
class Seatable:
    """Somebody who belongs to the coalition in one way or another, and can be given a seat."""

    user_id: int
    public_id: str
    name: str


def seatable(coalition_id: int) -> list[Seatable]:
    """Everybody with a role, an organization or a seat here, by name; others are invited by mail."""
    belongs = union(
        select(MembershipRole.user_id).where(
            MembershipRole.coalition_id == coalition_id, MembershipRole.ended_at.is_(None)
        ),
        select(MembershipPerson.user_id).where(
            MembershipPerson.coalition_id == coalition_id, MembershipPerson.ended_at.is_(None)
        ),
        select(SeatTerm.user_id).where(SeatTerm.coalition_id == coalition_id, SeatTerm.ended_at.is_(None)),
    )
    users = db.session.execute(select(User).where(User.id.in_(belongs), User.disabled_at.is_(None))).scalars()
    found = [Seatable(user.id, user.public_id, accounts.open_name(user)) for user in users]
    return sorted(found, key=lambda one: (fold(one.name), one.user_id))


@dataclass(frozen=True)
class SeatInvitation:
    """A seat that is offered to an address."""

    public_id: str
    email: str
    is_open: bool


def seat_invitations(committee_id: int) -> dict[int, SeatInvitation]:
    """The offers that wait, by seat; the address is for those who may give seats."""
    rows = select(Invitation).join(Seat, Seat.id == Invitation.seat_id)
    rows = rows.where(Seat.committee_id == committee_id, Invitation.state == InvitationState.OPEN)
    return {
        row.seat_id: SeatInvitation(row.public_id, linking.email_of(row), linking.is_open(row))
        for row in db.session.execute(rows).scalars()
        if row.seat_id is not None
    }


def committee_of_seat(seat_id: int) -> Committee:
    """The committee that a seat belongs to."""
    return db.session.execute(
        select(Committee).join(Seat, Seat.committee_id == Committee.id).where(Seat.id == seat_id)
    ).scalar_one()


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
