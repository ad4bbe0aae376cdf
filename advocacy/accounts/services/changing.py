"""Changing passwords: sessions and known devices of the account end with the old one."""

from __future__ import annotations

from functools import partial

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, update

from advocacy.accounts import queries
from advocacy.accounts.models import KnownDevice, User
from advocacy.accounts.services import passwords, registering, sessions
from advocacy.audit import services as audit
from advocacy.core import clock, uow
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound, RuleBroken, TooMany
from advocacy.web import limits

WINDOW_S = 900


def set_password(actor: Actor, email: str, password: str) -> None:
    """The operator gives an account another password; its sessions and known devices end.

    Raises: NotAllowed, NotFound, RuleBroken.
    """
    registering.require_system(actor)
    with uow.reading():
        user = queries.user_of_email(email)
        if user is None:
            raise NotFound(_("There is no account with this address."))
        user_id, name = user.id, queries.open_name(user)
    registering.check_password(password, email=email, name=name)
    _store_password(actor, user_id, passwords.hash_password(password))


def change_password(actor: Actor, *, current: str, password: str) -> str:
    """Change one's own password; every session ends, and the token of a new one is given.

    Needs: no open writing transaction.
    Raises: TooMany, RuleBroken (field ``current`` or ``password``).
    """
    with uow.reading():
        user = db.session.get(User, actor.user_id)
        if user is None:
            raise NotFound
        user_id, stored, email, name = user.id, user.password_hash, queries.open_email(user), queries.open_name(user)
        _refuse_guessing(user_id)
    with passwords.turn():
        is_right = passwords.is_password(stored, current)
    if not is_right:
        uow.afterwards(partial(_count_guess, user_id))
        raise RuleBroken(_("This is not your present password."), field="current")
    registering.check_password(password, email=email, name=name)
    _store_password(actor, user_id, passwords.hash_password(password))
    return sessions.begin_session(user_id, actor.coalition_id)


def _store_password(actor: Actor, user_id: int, stored: str) -> None:
    now = clock.now()
    db.session.execute(update(User).where(User.id == user_id).values(password_hash=stored, password_at=now))
    db.session.execute(delete(KnownDevice).where(KnownDevice.user_id == user_id))
    sessions.end_sessions(user_id)
    audit.record(actor, "account.password_changed", "user", user_id)


def _refuse_guessing(user_id: int) -> None:
    allowed = current_app.extensions["advocacy.settings"].limits.sign_in_account
    if allowed and limits.hits(*_guess_counter(user_id)) >= allowed:
        raise TooMany(
            _("There were many attempts to change this password. Please try again a little later."),
            retry_after_s=limits.seconds_left(WINDOW_S),
        )


def _guess_counter(user_id: int) -> tuple[str, str, int]:
    return ("change-password", str(user_id), WINDOW_S)


def _count_guess(user_id: int) -> None:
    limits.hit(*_guess_counter(user_id))
