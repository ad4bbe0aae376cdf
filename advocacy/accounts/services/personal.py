"""What accounts hold of a person, for export, and how it is erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update

from advocacy.accounts import factor_queries, queries
from advocacy.accounts.models import User
from advocacy.accounts.services import changing, ending, passkeys, passwords, recovery_codes, totp
from advocacy.audit import services as audit
from advocacy.core import clock, crypto
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.ids import new_public_id
from advocacy.messaging.services import suppressing
from advocacy.web.manifest import house


def everything(actor: Actor) -> dict[str, Mapping[str, Any]]:
    """What every room holds of the person who asks, by room; noted in the record.

    Raises: NotFound.
    """
    user = changing.own_account(actor)
    audit.record(actor, "account.data_taken", "user", user.id)
    return house().personal_data_of(user.id)


def export(user_id: int) -> Mapping[str, Any]:
    """The account's data in words; empty when there is no such account."""
    user = db.session.get(User, user_id)
    if user is None:
        return {}
    factors = factor_queries.factors_of(user_id)
    return {
        "name": queries.open_name(user),
        "email": queries.open_email(user),
        "locale": user.locale,
        "mail_held_back": suppressing.as_told(queries.open_email(user)),
        "created_at": user.created_at.isoformat(),
        "disabled_at": user.disabled_at.isoformat() if user.disabled_at else None,
        "has_app_codes": factors.totp_since is not None,
        "passkeys": [{"name": key.name, "created_at": key.created_at.isoformat()} for key in factors.passkeys],
        "sessions": [
            {"browser": one.agent, "from": one.created_at.isoformat(), "last_used": one.last_seen_at.isoformat()}
            for one in queries.sessions_of(user_id)
        ],
    }


def erase(user_id: int) -> None:
    """Close the account and forget whose it was; its row stays for the record of deeds, without a name."""
    user = db.session.get(User, user_id)
    if user is None:
        return
    ending.end_everything(user_id)
    totp.remove(user_id)
    passkeys.remove_all(user_id)
    recovery_codes.drop_codes(user_id)
    nobody = f"{new_public_id()}@erased.invalid"
    values = {
        "email_sealed": crypto.seal("site", nobody, table="user_account", column="email", row=user.public_id),
        "email_key": queries.email_key(nobody),
        "name_sealed": crypto.seal("site", "", table="user_account", column="name", row=user.public_id),
        "password_hash": passwords.dummy_hash(),
        "disabled_at": user.disabled_at or clock.now(),
    }
    db.session.execute(update(User).where(User.id == user_id).values(values))
