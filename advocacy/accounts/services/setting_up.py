"""The first administrator: made once, with a one-time link that only the operator can print."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select

from advocacy.accounts import queries
from advocacy.accounts.models import SetUpLink, User
from advocacy.accounts.services import passwords, registering
from advocacy.core import clock, tokens, uow
from advocacy.core.actor import Actor, Channel, system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, Gone

USABLE_FOR = timedelta(hours=1)


def make_set_up_link(actor: Actor) -> str:
    """A one-time path; the links before it die.

    Raises: Conflict when somebody has an account already or the actor is no operator.
    """
    if not actor.is_system or queries.any_user():
        raise Conflict(_("This installation has accounts already. Make more with: advocacy user create"))
    now = clock.now()
    db.session.execute(delete(SetUpLink))
    token = tokens.new_token()
    db.session.add(SetUpLink(token_hash=tokens.token_hash(token), created_at=now, expires_at=now + USABLE_FOR))
    db.session.flush()
    return f"/set-up/{token}"


def require_link(token: str) -> SetUpLink:
    """The link while it can be used; locked for whoever uses it.

    Raises: Gone when it is unknown, used, too old, or somebody has an account already.
    """
    wanted = select(SetUpLink).where(SetUpLink.token_hash == tokens.token_hash(token))
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None or found.used_at is not None or clock.now() >= found.expires_at or queries.any_user():
        raise Gone(
            _("This set-up link was used or has expired. A new one is made with the command: advocacy user setup-link")
        )
    return found


def set_up_first_admin(token: str, *, email: str, name: str, password: str) -> User:
    """Make the first account, an administrator of the whole platform, and use the link up.

    Needs: no open writing transaction.
    Raises: Gone, RuleBroken (field ``email``, ``name`` or ``password``).
    """
    with uow.reading():
        require_link(token)
    email, name = registering.checked_email(email), registering.checked_name(name)
    registering.check_password(password, email=email, name=name)
    stored = passwords.hash_password(password)
    actor = system_actor(Channel.WEB)
    link = db.session.execute(
        select(SetUpLink).where(SetUpLink.id == require_link(token).id).with_for_update()
    ).scalar_one()
    require_link(token)  # again, now that nobody else can use it
    link.used_at = clock.now()
    user = registering.add_user(actor, email=email, name=name, password_hash=stored)
    registering.make_platform_admin(actor, user.id)
    return user
