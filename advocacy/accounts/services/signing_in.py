"""Sign-in: one answer and one duration for known and unknown addresses, and limits that lock nobody out.

Failures are counted per address and network, per address, per network and over all, in rows that survive the refused
request. A browser that signed in to the account before has a count of its own, so strangers cannot use up its attempts.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select, update

from advocacy.accounts import queries, rules
from advocacy.accounts.models import KnownDevice, User
from advocacy.accounts.services import passwords, sessions
from advocacy.audit import services as audit
from advocacy.core import clock, logs, tokens, uow
from advocacy.core.actor import Actor, Channel
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken, TooMany
from advocacy.web import limits

WINDOW_S = 900
ACCOUNT_FACTOR = (
    10  # failures of strangers against one address from all networks together, in multiples of one network's
)
log = logs.get("accounts")


@dataclass(frozen=True)
class SignedInNow:
    """What a sign-in gives: the session's token, the device's when it is new, and whether the person works here."""

    token: str
    device_token: str | None
    user_id: int


@dataclass(frozen=True)
class _Found:
    user_id: int | None
    stored: str
    is_known_device: bool


def sign_in(*, email: str, password: str, network: str, old_token: str | None, device_token: str | None) -> SignedInNow:
    """Sign in and begin a session; a session that the browser had before ends.

    Needs: no open writing transaction.
    Raises: RuleBroken when address and password do not belong together, TooMany above a limit.
    """
    subject = queries.email_key(email).hex()
    with passwords.turn():
        with uow.reading():
            found = _find(email, device_token)
            counters = _counters(subject, network, device_token if found.is_known_device else None)
            _refuse_above(counters)
        is_right = passwords.is_password(found.stored, password) and found.user_id is not None
        better = (
            passwords.hasher().hash(rules.normal_password(password))
            if is_right and passwords.is_weak(found.stored)
            else None
        )
    if not is_right or found.user_id is None:
        uow.afterwards(lambda: _count(counters))
        log.info("sign_in_failed", user_id=found.user_id)
        raise RuleBroken(_("This e-mail address and password do not belong together. Check both and try again."))
    if better is not None:
        db.session.execute(update(User).where(User.id == found.user_id).values(password_hash=better))
    sessions.end_session(old_token)
    device = _remember_device(found.user_id, device_token)
    audit.record(Actor(user_id=found.user_id, channel=Channel.WEB), "account.signed_in", "user", found.user_id)
    return SignedInNow(sessions.begin_session(found.user_id), device, found.user_id)


def _find(email: str, device_token: str | None) -> _Found:
    user = queries.user_of_email(email)
    hashed = tokens.token_hash(device_token or "")
    owners = set(db.session.execute(select(KnownDevice.user_id).where(KnownDevice.token_hash == hashed)).scalars())
    if user is None or user.disabled_at is not None:
        return _Found(None, passwords.dummy_hash(), is_known_device=False)
    return _Found(user.id, user.password_hash, is_known_device=user.id in owners)


def _counters(subject: str, network: str, known_device: str | None) -> list[tuple[str, str, int]]:
    """Which counts this attempt belongs to, with the limit of each; 0 is off."""
    allowed = current_app.extensions["advocacy.settings"].limits
    if known_device is not None:
        device = tokens.token_hash(known_device).hex()
        return [("sign-in-device", f"{subject}:{device}", allowed.sign_in_account)]
    return [
        ("sign-in-account-network", f"{subject}:{network}", allowed.sign_in_account),
        ("sign-in-account", subject, allowed.sign_in_account * ACCOUNT_FACTOR),
        ("sign-in-network", network, allowed.sign_in_network),
        ("sign-in-all", "", allowed.sign_in_global),
    ]


def _refuse_above(counters: list[tuple[str, str, int]]) -> None:
    for name, subject, most in counters:
        if most and limits.hits(name, subject, WINDOW_S) >= most:
            log.info("sign_in_limited", limit=name)
            raise TooMany(
                _("There were many attempts to sign in. Your account is safe; please try again a little later."),
                retry_after_s=limits.seconds_left(WINDOW_S),
            )


def _count(counters: list[tuple[str, str, int]]) -> None:
    for name, subject, most in counters:
        if most:
            limits.hit(name, subject, WINDOW_S)


def _remember_device(user_id: int, device_token: str | None) -> str | None:
    """Note the device; gives a token when the browser has none of this account's. One from outside is never adopted."""
    now = clock.now()
    if device_token is not None:
        known = db.session.execute(
            update(KnownDevice)
            .where(KnownDevice.token_hash == tokens.token_hash(device_token), KnownDevice.user_id == user_id)
            .values(last_used_at=now)
            .returning(KnownDevice.id)
        ).scalar_one_or_none()
        if known is not None:
            return None
    token = tokens.new_token()
    db.session.add(KnownDevice(token_hash=tokens.token_hash(token), user_id=user_id, created_at=now, last_used_at=now))
    db.session.flush()
    return token
