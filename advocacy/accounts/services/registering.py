"""Accounts are made by the operator or an administrator; nobody registers from outside."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import exists, select

from advocacy.accounts import queries, rules
from advocacy.accounts.models import PlatformRole, PlatformRoleName, User
from advocacy.accounts.services import ending, passwords, sessions
from advocacy.audit import services as audit
from advocacy.core import clock, crypto
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.core.text import clean_line, has_control
from advocacy.web.manifest import house

NAME_LENGTH = 120


def create_user(actor: Actor, *, email: str, name: str, password: str, locale: str = "en") -> User:
    """Make an account.

    Needs: no open writing transaction (the password is hashed first).
    Raises: NotAllowed, RuleBroken (``email``, ``name`` or ``password``), Conflict when the address has an account.
    """
    require_system(actor)
    email, name = checked_email(email), checked_name(name)
    check_password(password, email=email, name=name)
    return add_user(actor, email=email, name=name, password_hash=passwords.hash_password(password), locale=locale)


def add_user(
    actor: Actor, *, email: str, name: str, password_hash: str, locale: str = "en", is_verified: bool = False
) -> User:
    """Store an account whose parts were checked and hashed; ``is_verified``: a link proved the address.

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
        email_verified_at=now if is_verified else None,
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
    require_system(actor)
    if PlatformRoleName.ADMIN not in queries.platform_roles(user_id):
        sessions.end_sessions(user_id)  # first: the database takes no role beside a session that has no second factor
        db.session.add(
            PlatformRole(user_id=user_id, role=PlatformRoleName.ADMIN, granted_by=actor.user_id, granted_at=clock.now())
        )
        db.session.flush()
        audit.record(actor, "account.platform_role_granted", "user", user_id, facts={"role": "admin"})


def disable_user(actor: Actor, email: str) -> None:
    """Close an account: it signs in no more and its sessions end.

    Raises: NotAllowed, NotFound, Conflict when something stands against it (the last administrator, I-025).
    """
    user = user_for_operator(actor, email)
    if user.disabled_at is None:
        reason = house().reason_against("user", user.id) or _last_of_platform(user.id)
        if reason is not None:
            raise Conflict(reason)
        user.disabled_at = clock.now()
        audit.record(actor, "account.disabled", "user", user.id)
    ending.end_everything(user.id)


def _last_of_platform(user_id: int) -> str | None:
    # All live roles are locked, so that two accounts cannot be closed at once, each as not the last one.
    held = select(PlatformRole.user_id).where(PlatformRole.ended_at.is_(None)).order_by(PlatformRole.id)
    admins = set(db.session.execute(held.with_for_update()).scalars())
    if user_id not in admins:
        return None
    others = select(exists().where(User.id.in_(admins - {user_id}), User.disabled_at.is_(None)))
    is_last = not db.session.execute(others).scalar()
    return _("This is the last administrator of the platform. Make another one first.") if is_last else None


def user_for_operator(actor: Actor, email: str) -> User:
    """The account of an address, for the operator.

    Raises: NotAllowed, NotFound.
    """
    require_system(actor)
    user = queries.user_of_email(email)
    if user is None:
        raise NotFound(_("There is no account with this address."))
    return user


def check_password(password: str, *, email: str, name: str, has_second_factor: bool = False) -> None:
    """Refuse a password that guessers try first.

    Raises: RuleBroken (field ``password``).
    """
    site = current_app.extensions["advocacy.settings"].server.name
    problem = rules.password_problem(password, [site, email, name], has_second_factor=has_second_factor)
    if problem is not None:
        raise RuleBroken(problem, field="password")


def checked_email(email: str) -> str:
    """The address, cleaned.

    Raises: RuleBroken (field ``email``).
    """
    try:
        return validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized
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


def require_system(actor: Actor) -> None:
    """Refuse everybody but the operator.

    Raises: NotAllowed.
    """
    if not actor.is_system:
        raise NotAllowed(_("Accounts are made by whoever runs this site."))
