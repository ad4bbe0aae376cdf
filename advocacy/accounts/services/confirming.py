"""Proving once more who one is before a sensitive act; the session gets a new id and counts as fresh."""

from __future__ import annotations

from advocacy.accounts.factor_models import Ceremony
from advocacy.accounts.services import changing, passkeys, sessions
from advocacy.audit import services as audit
from advocacy.core import tokens
from advocacy.core.actor import Actor
from advocacy.core.errors import NotFound


def confirm_by_password(actor: Actor, password: str, session_token: str | None) -> str:
    """Gives the session's new token.

    Needs: no open writing transaction. Raises: TooMany, RuleBroken (field ``password``), NotFound.
    """
    user_id = changing.check_own_password(actor, password, field="password", what="confirm-password")
    return _freshen(actor, user_id, session_token, "password")


def confirm_by_passkey(actor: Actor, answer: str, session_token: str | None) -> str:
    """Gives the session's new token.

    Raises: RuleBroken, NotFound.
    """
    if actor.user_id is None or session_token is None:
        raise NotFound
    bound_to = tokens.token_hash(session_token)
    user_id = passkeys.check(answer, bound_to=bound_to, ceremony=Ceremony.AGAIN, user_id=actor.user_id)
    return _freshen(actor, user_id, session_token, "passkey")


def _freshen(actor: Actor, user_id: int, session_token: str | None, proof: str) -> str:
    audit.record(actor, "account.confirmed", "user", user_id, facts={"by": proof})
    return sessions.freshen(user_id, session_token)
