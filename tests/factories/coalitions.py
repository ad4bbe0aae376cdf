"""Coalitions and their people for tests."""

from __future__ import annotations

from itertools import count

from advocacy.coalitions.services import founding, granting
from advocacy.core import uow
from advocacy.core.actor import Actor, system_actor
from tests.factories.accounts import make_user

_number = count(1)


def make_coalition(slug: str | None = None, name: str = "Minds of the Valley", tz: str = "America/New_York") -> int:
    """A coalition, committed; gives its id."""
    with uow.unit():
        return founding.create_coalition(system_actor(), slug=slug or f"valley-{next(_number)}", name=name, tz=tz).id


def give_role(coalition_id: int, user_id: int, role: str) -> int:
    """Give an account a role; gives the role's id. Ends the account's sessions, as in life."""
    with uow.unit():
        return granting.grant_role(system_actor(), coalition_id, user_id, role).id


def make_member(coalition_id: int, *roles: str, email: str | None = None, name: str = "Rosalind Okafor") -> int:
    """An account with roles in a coalition (``organizer`` unless named); gives the account's id."""
    user_id = make_user(email, name)
    for role in roles or ("organizer",):
        give_role(coalition_id, user_id, role)
    return user_id


def actor_in(coalition_id: int, *roles: str, user_id: int | None = None) -> Actor:
    """An actor for calling services directly."""
    return Actor(user_id=user_id, coalition_id=coalition_id, roles=frozenset(roles or ("organizer",)))
