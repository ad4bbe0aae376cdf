"""Reads about organizations, their memberships and who acts for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select, tuple_

from advocacy.accounts import queries as accounts
from advocacy.accounts.models import User
from advocacy.coalitions import rules
from advocacy.coalitions.models import REPRESENTATIVE, Coalition, CoalitionState
from advocacy.coalitions.organization_models import (
    JoinRequest,
    JoinState,
    Membership,
    MembershipPerson,
    MembershipState,
    Tier,
)
from advocacy.coalitions.organization_rules import DECIDING_TIERS
from advocacy.core import crypto
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.paging import Page, take_page
from advocacy.core.text import fold

PAGE = 50
_SEAT_OF = (MembershipPerson.membership_id == Membership.id) & (
    MembershipPerson.coalition_id == Membership.coalition_id
)
_HERE = (MembershipState.INVITED, MembershipState.PENDING, MembershipState.ACTIVE, MembershipState.SUSPENDED)


def memberships(
    actor: Actor,
    *,
    state: str | None = None,
    search: str = "",
    after: int | None = None,
    size: int = PAGE,
) -> Page[Membership]:
    """The organizations of the coalition in view by name, all that have not left unless a state is named.

    Raises: NotAllowed.
    """
    rules.require(actor, "organizations.view")
    wanted = select(Membership).where(Membership.coalition_id == actor.coalition_id)
    wanted = wanted.where(Membership.state == state if state else Membership.state.in_(_HERE))
    if search:
        wanted = wanted.where(Membership.name_fold.startswith(fold(search), autoescape=True))
    if after is not None:
        last = select(Membership.name_fold).where(Membership.coalition_id == actor.coalition_id, Membership.id == after)
        wanted = wanted.where(tuple_(Membership.name_fold, Membership.id) > tuple_(last.scalar_subquery(), after))
    rows = db.session.execute(wanted.order_by(Membership.name_fold, Membership.id).limit(size + 1)).scalars().all()
    return take_page(rows, size)


def counts_by_state(actor: Actor) -> dict[str, int]:
    """How many organizations stand where."""
    rules.require(actor, "organizations.view")
    rows = select(Membership.state, func.count()).where(Membership.coalition_id == actor.coalition_id)
    return {str(state): int(count) for state, count in db.session.execute(rows.group_by(Membership.state))}


def membership(actor: Actor, public_id: str, verb: str = "organizations.view") -> Membership:
    """An organization of the coalition in view.

    Raises: NotFound, also for another coalition's; NotAllowed.
    """
    found = db.session.execute(
        select(Membership).where(Membership.coalition_id == actor.coalition_id, Membership.public_id == public_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    rules.require(actor, verb, found.coalition_id)
    return found


def memberships_by_id(coalition_id: int, ids: Iterable[int]) -> dict[int, Membership]:
    """Several of them, in one query."""
    rows = select(Membership).where(Membership.coalition_id == coalition_id, Membership.id.in_(list(ids)))
    return {row.id: row for row in db.session.execute(rows).scalars()}


def voters(coalition_id: int) -> list[Membership]:
    """The organizations that have a vote now, by name."""
    rows = select(Membership).where(
        Membership.coalition_id == coalition_id,
        Membership.state == MembershipState.ACTIVE,
        Membership.tier.in_(sorted(DECIDING_TIERS)),
    )
    return list(db.session.execute(rows.order_by(Membership.name_fold, Membership.id)).scalars())


def acting_for(actor: Actor) -> Membership | None:
    """The active organization that this person acts for in the coalition in view."""
    return membership_of_user(actor.user_id, actor.coalition_id)


def membership_of_user(user_id: int | None, coalition_id: int | None) -> Membership | None:
    """The active organization that an account acts for in a coalition."""
    if user_id is None or coalition_id is None:
        return None
    return db.session.execute(
        select(Membership)
        .join(MembershipPerson, _SEAT_OF)
        .where(
            MembershipPerson.coalition_id == coalition_id,
            MembershipPerson.user_id == user_id,
            MembershipPerson.ended_at.is_(None),
            Membership.state == MembershipState.ACTIVE,
        )
    ).scalar_one_or_none()


def roles_by_seat(user_id: int) -> list[tuple[int, str]]:
    """The roles that acting for organizations gives an account: (coalition, role)."""
    rows = (
        select(Membership.coalition_id, Membership.tier)
        .join(MembershipPerson, _SEAT_OF)
        .join(Coalition, Coalition.id == Membership.coalition_id)
        .where(
            MembershipPerson.user_id == user_id,
            MembershipPerson.ended_at.is_(None),
            Membership.state == MembershipState.ACTIVE,
            Coalition.state != CoalitionState.DISSOLVED,
        )
    )
    return [
        (coalition_id, rules.PARTNER if tier == Tier.PARTNER else REPRESENTATIVE)
        for coalition_id, tier in db.session.execute(rows)
    ]


@dataclass(frozen=True)
class Representative:
    """Somebody who acts for an organization."""

    seat_id: int
    user_id: int
    membership_id: int
    name: str
    email: str
    is_disabled: bool


def representatives(coalition_id: int, membership_ids: Iterable[int]) -> list[Representative]:
    """Who acts for these organizations now, by name."""
    rows = db.session.execute(
        select(MembershipPerson, User)
        .join(User, User.id == MembershipPerson.user_id)
        .where(
            MembershipPerson.coalition_id == coalition_id,
            MembershipPerson.membership_id.in_(list(membership_ids)),
            MembershipPerson.ended_at.is_(None),
        )
    )
    found = [
        Representative(
            seat_id=seat.id,
            user_id=user.id,
            membership_id=seat.membership_id,
            name=accounts.open_name(user),
            email=accounts.open_email(user),
            is_disabled=user.disabled_at is not None,
        )
        for seat, user in rows
    ]
    return sorted(found, key=lambda one: (fold(one.name), one.user_id))


def active_count(coalition_id: int) -> int:
    """How many organizations belong now."""
    rows = select(func.count()).where(
        Membership.coalition_id == coalition_id, Membership.state == MembershipState.ACTIVE
    )
    return int(db.session.execute(rows).scalar_one())


@dataclass(frozen=True)
class Contact:
    """Whom to write to at an organization."""

    name: str
    email: str


def contact_of(found: Membership | JoinRequest) -> Contact | None:
    """The sealed contact, opened; the caller has asked for the right to see it. Either part may be empty."""
    if found.contact_name is None and found.contact_email is None:
        return None

    def opened(column: str) -> str:
        value = getattr(found, column)
        if value is None:
            return ""
        return crypto.open_sealed(value, table=found.__tablename__, column=column, row=found.public_id)

    return Contact(opened("contact_name"), opened("contact_email"))


def join_requests(actor: Actor, *, state: str = JoinState.WAITING, before: int | None = None) -> Page[JoinRequest]:
    """Requests to join the coalition in view, newest first.

    Raises: NotAllowed.
    """
    rules.require(actor, "organizations.manage")
    wanted = select(JoinRequest).where(JoinRequest.coalition_id == actor.coalition_id, JoinRequest.state == state)
    if before is not None:
        wanted = wanted.where(JoinRequest.id < before)
    rows = db.session.execute(wanted.order_by(JoinRequest.id.desc()).limit(PAGE + 1)).scalars().all()
    return take_page(rows, PAGE)


def join_request(actor: Actor, public_id: str) -> JoinRequest:
    """A request to join the coalition in view.

    Raises: NotFound, also for another coalition's; NotAllowed.
    """
    rules.require(actor, "organizations.manage")
    found = db.session.execute(
        select(JoinRequest)
        .where(JoinRequest.coalition_id == actor.coalition_id, JoinRequest.public_id == public_id)
        .with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def message_of(found: JoinRequest) -> str:
    """What they wrote."""
    if found.message is None:
        return ""
    return crypto.open_sealed(found.message, table="join_request", column="message", row=found.public_id)


def waiting_requests(actor: Actor) -> int:
    """How many requests wait for an answer."""
    rules.require(actor, "organizations.manage")
    rows = select(func.count()).where(
        JoinRequest.coalition_id == actor.coalition_id, JoinRequest.state == JoinState.WAITING
    )
    return int(db.session.execute(rows).scalar_one())
