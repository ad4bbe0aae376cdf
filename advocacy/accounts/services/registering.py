"""Accounts are made by the operator or an administrator; nobody registers from outside."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, update

from advocacy.accounts import queries, rules
from advocacy.accounts.models import KnownDevice, PlatformRole, PlatformRoleName, User
from advocacy.accounts.services import passwords, sessions
from advocacy.audit import services as audit
from advocacy.core import clock, crypto, uow
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.core.text import clean_line, has_control

NAME_LENGTH = 120


def create_user(actor: Actor, *, email: str, name: str, password: str, locale: str = "en") -> User:
    """Make an account.

    Needs: no open writing transaction (the password is hashed first).
    Raises: NotAllowed, RuleBroken (field ``email``, ``name`` or ``password``), Conflict when the address has one already.
    """
    _require_system(actor)
    email, name = checked_email(email), checked_name(name)
    check_password(password, email=email, name=name)
    return add_user(actor, email=email, name=name, password_hash=passwords.hash_password(password), locale=locale)


def add_user(actor: Actor, *, email: str, name: str, password_hash: str, locale: str = "en") -> User:
    """Store an account whose parts were checked and hashed.

    Raises: Conflict when the address has one already.
    """
    if queries.user_of_email(email) is not None:
        raise Conflict(_("This address has an account already."), field="email")
    public_id, now = new_public_id(), clock.now()
    user = User(
        public_id=public_id,
        email_sealed=crypto.seal("site", email, table="user_account", column="email", row=public_id),
        email_key=queries.email_key(email),
        name_sealed=crypto.seal("site", name, table="user_account", column="name", row=public_id),
        password_hash=password_hash,
        password_at=now,
        locale=locale,
        created_at=now,
    )
    db.session.add(user)
    db.session.flush()
    audit.record(actor, "account.created", "user", user.id)
    return user


def make_platform_admin(actor: Actor, user_id: int) -> None:
    """Give an account the administration of the whole platform.

    Raises: NotAllowed.
    """
    _require_system(actor)
    if PlatformRoleName.ADMIN not in queries.platform_roles(user_id):
        db.session.add(
            PlatformRole(user_id=user_id, role=PlatformRoleName.ADMIN, granted_by=actor.user_id, granted_at=clock.now())
        )
        db.session.flush()
        audit.record(actor, "account.platform_role_granted", "user", user_id, facts={"role": "admin"})


def set_password(actor: Actor, email: str, password: str) -> None:
    """The operator gives an account another password; its sessions and known devices end.

    Raises: NotAllowed, NotFound, RuleBroken.
    """
    _require_system(actor)
    with uow.reading():
        user = queries.user_of_email(email)
        if user is None:
            raise NotFound(_("There is no account with this address."))
        user_id, name = user.id, queries.open_name(user)
    check_password(password, email=email, name=name)
    _store_password(actor, user_id, passwords.hash_password(password))


def change_password(actor: Actor, *, current: str, password: str) -> None:
    """Change one's own password; every session ends, the caller begins a new one.

    Raises: RuleBroken (field ``current`` or ``password``).
    """
    with uow.reading():
        user = db.session.get(User, actor.user_id)
        if user is None:
            raise NotFound
        user_id, stored, email, name = user.id, user.password_hash, queries.open_email(user), queries.open_name(user)
    with passwords.turn():
        is_right = passwords.is_password(stored, current)
    if not is_right:
        raise RuleBroken(_("This is not your present password."), field="current")
    check_password(password, email=email, name=name)
    _store_password(actor, user_id, passwords.hash_password(password))


def disable_user(actor: Actor, email: str) -> None:
    """Close an account: it signs in no more and its sessions end.

    Raises: NotAllowed, NotFound.
    """
    _require_system(actor)
    user = queries.user_of_email(email)
    if user is None:
        raise NotFound(_("There is no account with this address."))
    if user.disabled_at is None:
        user.disabled_at = clock.now()
        audit.record(actor, "account.disabled", "user", user.id)
    db.session.execute(delete(KnownDevice).where(KnownDevice.user_id == user.id))
    sessions.end_sessions(user.id)


def check_password(password: str, *, email: str, name: str) -> None:
    """Refuse a password that guessers try first.

    Raises: RuleBroken (field ``password``).
    """
    site = current_app.extensions["advocacy.settings"].server.name
    problem = rules.password_problem(password, [site, email, name])
    if problem is not None:
        raise RuleBroken(problem, field="password")


def checked_email(email: str) -> str:
    """The address, cleaned.

    Raises: RuleBroken (field ``email``).
    """
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized
    except (EmailNotValidError, ValueError):
        raise RuleBroken(_("Enter an e-mail address in the form name@example.org."), field="email") from None


def checked_name(name: str) -> str:
    """The name, cleaned.

    Raises: RuleBroken (field ``name``).
    """
    cleaned = clean_line(name)
    if not cleaned or len(cleaned) > NAME_LENGTH or has_control(cleaned):
        raise RuleBroken(_("Give a name of at most %(num)s characters.", num=NAME_LENGTH), field="name")
    return cleaned


def _store_password(actor: Actor, user_id: int, stored: str) -> None:
    now = clock.now()
    db.session.execute(update(User).where(User.id == user_id).values(password_hash=stored, password_at=now))
    db.session.execute(delete(KnownDevice).where(KnownDevice.user_id == user_id))
    sessions.end_sessions(user_id)
    audit.record(actor, "account.password_changed", "user", user_id)


def _require_system(actor: Actor) -> None:
    if not actor.is_system:
        raise NotAllowed(_("Accounts are made by whoever runs this site."))
