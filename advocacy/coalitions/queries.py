"""Reads about coalitions and roles."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import aliased

from advocacy.accounts import queries as accounts
from advocacy.accounts.models import User
from advocacy.coalitions import committee_queries as committees
from advocacy.coalitions import linking, rules
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions.models import (
    Coalition,
    CoalitionState,
    Invitation,
    InvitationState,
    MembershipRole,
    RoleName,
)
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.text import fold
from advocacy.web.manifest import Standing
from advocacy.web.offers import Tenant


def coalition_by_slug(slug: str) -> Coalition:
    """The coalition of a slug.

    Raises: NotFound.
    """
    found = db.session.execute(select(Coalition).where(Coalition.slug == slug)).scalar_one_or_none()
    if found is None:
        message = f"coalition: there is none named {slug}"
        raise NotFound(message)
    return found


def coalition(coalition_id: int) -> Coalition:
    """A coalition by its id.

    Raises: NotFound.
    """
    found = db.session.get(Coalition, coalition_id)
    if found is None:
        raise NotFound
    return found


def all_coalitions() -> list[Coalition]:
    """Every coalition that is not dissolved, by name."""
    found = select(Coalition).where(Coalition.state != CoalitionState.DISSOLVED).order_by(Coalition.name)
    return list(db.session.execute(found).scalars())


def roles_by_coalition(user_id: int) -> dict[int, frozenset[str]]:
    """The roles that an account holds now, by coalition; a seat there brings one with it."""
    held: dict[int, set[str]] = {}
    rows = db.session.execute(
        select(MembershipRole.coalition_id, MembershipRole.role)
        .join(Coalition, Coalition.id == MembershipRole.coalition_id)
        .where(
            MembershipRole.user_id == user_id,
            MembershipRole.ended_at.is_(None),
            Coalition.state != CoalitionState.DISSOLVED,
        )
        .order_by(MembershipRole.coalition_id)
    )
    for coalition_id, role in rows:
        held.setdefault(coalition_id, set()).add(role)
    for coalition_id, role in [*organizations.roles_by_seat(user_id), *committees.roles_by_seat(user_id)]:
        held.setdefault(coalition_id, set()).add(role)
    return {coalition_id: frozenset(roles) for coalition_id, roles in held.items()}


def standing(user_id: int) -> Standing:
    """What an account's roles, in whichever coalition, mean for signing in."""
    held = {role for roles in roles_by_coalition(user_id).values() for role in roles}
    platform = accounts.platform_roles(user_id)
    return Standing(must_have_factor(held, platform), rules.home_of(held, platform))


def must_have_factor(roles: Collection[str], platform_roles: Collection[str]) -> bool:
    """Whether this installation asks somebody with these roles for a second factor."""
    asked = current_app.extensions["advocacy.settings"].security.second_factor
    return asked == "staff" and rules.is_staff(roles, platform_roles)


def reason_against_closing(user_id: int) -> str | None:
    """Why an account cannot be closed: it is the last administrator of a coalition (domain I-025)."""
    admin = aliased(MembershipRole)
    other = (
        select(admin.id)
        .join(User, User.id == admin.user_id)
        .where(
            admin.coalition_id == MembershipRole.coalition_id,
            admin.role == RoleName.ADMIN,
            admin.ended_at.is_(None),
            admin.user_id != user_id,
            User.disabled_at.is_(None),
        )
    )
    # Whoever takes an administrator away holds this lock, so that two cannot go at once, each as not the last one.
    mine = select(MembershipRole.coalition_id).where(
        MembershipRole.user_id == user_id, MembershipRole.role == RoleName.ADMIN, MembershipRole.ended_at.is_(None)
    )
    db.session.execute(select(Coalition.id).where(Coalition.id.in_(mine)).order_by(Coalition.id).with_for_update())
    alone = select(Coalition.name).join(MembershipRole, MembershipRole.coalition_id == Coalition.id)
    alone = alone.where(
        MembershipRole.user_id == user_id,
        MembershipRole.role == RoleName.ADMIN,
        MembershipRole.ended_at.is_(None),
        ~other.exists(),
    )
    found = db.session.execute(alone.limit(1)).scalar_one_or_none()
    if found is None:
        return None
    return str(_("This is the last administrator of %(name)s. Make another one first.", name=found))


def coalition_names(ids: list[int]) -> dict[int, str]:
    """Names by id."""
    if not ids:
        return {}
    rows = db.session.execute(
        select(Coalition.id, Coalition.name).where(Coalition.id.in_(ids)).order_by(Coalition.name)
    )
    return {row.id: row.name for row in rows}


@dataclass(frozen=True)
class Member:
    """Somebody with roles in a coalition: ``roles`` are pairs of the role's id and name."""

    user_id: int
    public_id: str
    name: str
    email: str
    is_disabled: bool
    roles: list[tuple[int, str]]


def people(actor: Actor, coalition_id: int) -> list[Member]:
    """Everybody who holds a role in the coalition, by name.

    Raises: NotAllowed.
    """
    rules.require(actor, "coalition.view", coalition_id)
    rows = db.session.execute(
        select(MembershipRole, User)
        .join(User, User.id == MembershipRole.user_id)
        .where(MembershipRole.coalition_id == coalition_id, MembershipRole.ended_at.is_(None))
        .order_by(MembershipRole.id)
    )
    found: dict[int, Member] = {}
    for role, user in rows:
        member = found.get(user.id)
        if member is None:
            name, email = accounts.open_name(user), accounts.open_email(user)
            member = found[user.id] = Member(user.id, user.public_id, name, email, user.disabled_at is not None, [])
        member.roles.append((role.id, role.role))
    return sorted(found.values(), key=lambda member: (fold(member.name), member.user_id))


def member_id(coalition_id: int, public_id: str) -> int:
    """The account of somebody who holds a role in the coalition.

    Raises: NotFound.
    """
    held = select(User.id).join(MembershipRole, MembershipRole.user_id == User.id)
    held = held.where(
        User.public_id == public_id,
        User.disabled_at.is_(None),
        MembershipRole.coalition_id == coalition_id,
        MembershipRole.ended_at.is_(None),
    )
    found = db.session.execute(held.limit(1)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Invited:
    """An invitation that waits."""

    public_id: str
    email: str
    role: str
    expires_at: datetime
    is_open: bool


def invitations(actor: Actor, coalition_id: int) -> list[Invited]:
    """Invitations that were neither accepted nor taken back, newest first.

    Raises: NotAllowed.
    """
    rules.require(actor, "coalition.manage", coalition_id)
    rows = select(Invitation).where(Invitation.coalition_id == coalition_id, Invitation.state == InvitationState.OPEN)
    return [
        Invited(row.public_id, linking.email_of(row), row.role, row.expires_at, linking.is_open(row))
        for row in db.session.execute(rows.order_by(Invitation.id.desc())).scalars()
    ]


def members(coalition_id: int, verb: str) -> dict[int, str]:
    """Names by account of those who hold a capability in a coalition now, for the rooms below."""
    return accounts.names(user_ids_with(coalition_id, verb))


def tenant(coalition_id: int) -> Tenant:
    """A coalition's name and time zone, for the rooms below."""
    found = coalition(coalition_id)
    return Tenant(found.name, found.tz)


def user_ids_with(coalition_id: int, verb: str) -> list[int]:
    """Accounts that hold a capability in a coalition now; disabled ones left out."""
    rows = (
        select(MembershipRole.user_id)
        .join(User, User.id == MembershipRole.user_id)
        .where(
            MembershipRole.coalition_id == coalition_id,
            MembershipRole.role.in_(sorted(rules.roles_with(verb))),
            MembershipRole.ended_at.is_(None),
            User.disabled_at.is_(None),
        )
        .distinct()
        .order_by(MembershipRole.user_id)
    )
    return list(db.session.execute(rows).scalars())
