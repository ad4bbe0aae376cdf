"""Changing one's own account: password, name, language, address."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import update

from advocacy.accounts import factor_queries, linking, queries, rules
from advocacy.accounts.models import LinkPurpose, User
from advocacy.accounts.services import ending, links, mailing, passwords, registering, sessions, throttling
from advocacy.audit import services as audit
from advocacy.core import clock, crypto, uow
from advocacy.core.actor import Actor, Channel
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound, RuleBroken
from advocacy.messaging import preferences
from advocacy.messaging.preference_models import PersonKind
from advocacy.messaging.services import suppressing


def set_password(actor: Actor, email: str, password: str) -> None:
    """The operator gives an account another password; its sessions and known devices end.

    Raises: NotAllowed, NotFound, RuleBroken.
    """
    with uow.reading():
        user = registering.user_for_operator(actor, email)
        user_id, name = user.id, queries.open_name(user)
        has_factor = factor_queries.has_factor(user_id)
    registering.check_password(password, email=email, name=name, has_second_factor=has_factor)
    store_password(actor, user_id, passwords.hash_password(password), is_short=rules.is_short(password))


def change_password(actor: Actor, *, current: str, password: str, agent: str = "") -> str:
    """Change one's own password; every session ends, and the token of a new one is given.

    Needs: no open writing transaction.
    Raises: TooMany, RuleBroken (field ``current`` or ``password``).
    """
    user_id = check_own_password(actor, current, field="current", what="change-password")
    with uow.reading():
        name, email, _locale = queries.contact(user_id)
        has_factor = factor_queries.has_factor(user_id)
    registering.check_password(password, email=email, name=name, has_second_factor=has_factor)
    store_password(actor, user_id, passwords.hash_password(password), is_short=rules.is_short(password))
    return sessions.begin_session(user_id, actor.coalition_id, agent=agent)


def check_own_password(actor: Actor, password: str, *, field: str, what: str) -> int:
    """Refuse a password that is not the actor's; gives the account's id. ``what`` names the count of failures.

    Needs: no open writing transaction.
    Raises: TooMany, NotFound, RuleBroken (``field``).
    """
    with uow.reading():
        user = own_account(actor)
        user_id, stored = user.id, user.password_hash
        tries = throttling.of_own(user_id, what)
        tries.refuse_above()
    with passwords.turn():
        is_right = passwords.is_password(stored, password)
    if not is_right:
        tries.failed()
        raise RuleBroken(_("This is not your present password."), field=field)
    return user_id


def store_password(
    actor: Actor, user_id: int, stored: str, *, is_short: bool, action: str = "account.password_changed"
) -> None:
    """Keep a new password's hash, end what was opened with the old one, and tell the owner."""
    values = {"password_hash": stored, "password_at": clock.now(), "is_password_short": is_short}
    db.session.execute(update(User).where(User.id == user_id).values(values))
    ending.end_everything(user_id)
    audit.record(actor, action, "user", user_id)
    mailing.tell(user_id, "password_changed")


def change_profile(actor: Actor, *, name: str, locale: str) -> None:
    """Change one's own name and language.

    Raises: NotFound, RuleBroken (field ``name``).
    """
    user = own_account(actor)
    cleaned = registering.checked_name(name)
    user.name_sealed = crypto.seal("site", cleaned, table="user_account", column="name", row=user.public_id)
    user.locale = locale
    audit.record(actor, "account.profile_changed", "user", user.id)


def ask_verification(actor: Actor) -> None:
    """Mail a link that proves the account's address.

    Raises: NotFound.
    """
    user = own_account(actor)
    if user.email_verified_at is None:
        mailing.send_link(user, LinkPurpose.VERIFY)


def verify_email(token: str) -> None:
    """Take down that the account's address reaches its owner.

    Raises: Gone.
    """
    user = links.use_link(token, LinkPurpose.VERIFY)[1]
    user.email_verified_at = user.email_verified_at or clock.now()
    audit.record(Actor(user_id=user.id, channel=Channel.WEB), "account.email_verified", "user", user.id)


def ask_email_change(actor: Actor, new_email: str) -> None:
    """Mail a link to the new address, and tell the old one; whether the new one has an account, no answer says.

    Raises: NotFound, RuleBroken (field ``email``).
    """
    user = own_account(actor)
    wanted = registering.checked_email(new_email)
    if queries.email_key(wanted) == user.email_key:
        raise RuleBroken(_("This is your address already."), field="email")
    mailing.send_link(user, LinkPurpose.CHANGE, wanted)
    mailing.tell(user.id, "email_change_asked")
    audit.record(actor, "account.email_change_asked", "user", user.id)


def change_email(token: str) -> None:
    """Take the new address into use; sessions and every link of the old address end, and the old one is told.

    Raises: Gone, Conflict when the address came into use meanwhile.
    """
    link, user = links.use_link(token, LinkPurpose.CHANGE)
    old, new = queries.open_email(user), linking.new_email(link)
    taken = queries.user_of_email(new)
    if taken is not None:
        raise Conflict(_("This address belongs to another account. Nothing was changed."))
    user.email_sealed = crypto.seal("site", new, table="user_account", column="email", row=user.public_id)
    user.email_key = queries.email_key(new)
    user.email_verified_at = clock.now()
    db.session.flush()
    preferences.move(PersonKind.ACCOUNT, user.id, suppressing.address_key(new))
    ending.end_everything(user.id)
    audit.record(Actor(user_id=user.id, channel=Channel.WEB), "account.email_changed", "user", user.id)
    mailing.tell(user.id, "email_changed", to=old)


def own_account(actor: Actor) -> User:
    """The actor's account.

    Raises: NotFound.
    """
    user = db.session.get(User, actor.user_id) if actor.user_id is not None else None
    if user is None:
        raise NotFound
    return user
