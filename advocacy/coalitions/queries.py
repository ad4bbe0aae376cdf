"""Reads about coalitions and roles."""

from __future__ import annotations

from sqlalchemy import select

from advocacy.accounts.models import User
from advocacy.coalitions import rules
from advocacy.coalitions.models import Coalition, CoalitionState, MembershipRole
from advocacy.core.db import db
from advocacy.core.errors import NotFound


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
    """The roles that an account holds now, by coalition."""
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
    return {coalition_id: frozenset(roles) for coalition_id, roles in held.items()}


def coalition_names(ids: list[int]) -> dict[int, str]:
    """Names by id."""
    if not ids:
        return {}
    rows = db.session.execute(
        select(Coalition.id, Coalition.name).where(Coalition.id.in_(ids)).order_by(Coalition.name)
    )
    return {row.id: row.name for row in rows}


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
