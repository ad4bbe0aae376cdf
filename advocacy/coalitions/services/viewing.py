"""The coalition in view of a session, and the actor that a request acts as."""

from __future__ import annotations

from advocacy.accounts import factor_queries as factors
from advocacy.accounts import queries as accounts
from advocacy.accounts.services import sessions
from advocacy.coalitions import queries
from advocacy.coalitions.models import Coalition
from advocacy.coalitions.services import founding
from advocacy.core.actor import Actor, Channel
from advocacy.core.errors import NotFound


def actor_of(found: accounts.SignedIn, request_id: str) -> Actor:
    """The actor behind a live session: its roles in the coalition in view, which is the first one unless chosen."""
    held = queries.roles_by_coalition(found.user_id)
    platform = accounts.platform_roles(found.user_id)
    seen = (
        {item.id: item.name for item in queries.all_coalitions()} if platform else queries.coalition_names(list(held))
    )
    everywhere = {role for roles in held.values() for role in roles}
    must = queries.must_have_factor(everywhere, platform)
    in_view = found.coalition_id if found.coalition_id in seen else next(iter([*held, *seen]), None)
    return Actor(
        user_id=found.user_id,
        coalition_id=in_view,
        roles=held.get(in_view, frozenset()) if in_view is not None else frozenset(),
        platform_roles=platform,
        channel=Channel.WEB,
        request_id=request_id,
        locale=found.locale,
        name=found.name,
        coalitions=seen,
        fresh_at=found.fresh_at,
        lacks_factor=must and not factors.has_factor(found.user_id),
    )


def view(actor: Actor, session_id: int, coalition_id: int) -> None:
    """Put a coalition in view.

    Raises: NotFound when the actor has no part in it.
    """
    if coalition_id not in actor.coalitions:
        raise NotFound
    sessions.view_coalition(session_id, coalition_id)


def view_new(actor: Actor, session_id: int, made: Coalition) -> None:
    """Put a coalition in view that was made in this transaction.

    Raises: NotAllowed.
    """
    founding.require_platform_admin(actor)
    sessions.view_coalition(session_id, made.id)
