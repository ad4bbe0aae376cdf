"""Sign-in: one answer and one duration for known and unknown addresses, and limits that lock nobody out.

The password is the first step. An account with a second factor then waits in ``pending_sign_in``, behind a cookie of
its own; a session begins only when the second step is done too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, update

from advocacy.accounts import factor_queries, queries, rules
from advocacy.accounts.factor_models import PendingSignIn
from advocacy.accounts.models import User
from advocacy.accounts.services import devices, passwords, sessions, throttling
from advocacy.audit import services as audit
from advocacy.core import clock, logs, tokens, uow
from advocacy.core.actor import Actor, Channel
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken

PENDING_FOR = timedelta(minutes=10)
log = logs.get("accounts")


@dataclass(frozen=True)
class Browser:
    """What a request says of the browser: its network, its cookies' tokens, two words of its name."""

    network: str
    session_token: str | None = None
    device_token: str | None = None
    agent: str = ""


@dataclass(frozen=True)
class SignedInNow:
    """What a sign-in gives: the session's token, and the device's when it is new."""

    user_id: int
    token: str
    device_token: str | None


@dataclass(frozen=True)
class SecondStep:
    """The password was right, and a second step is to come: the token for the cookie that leads to it."""

    user_id: int
    pending_token: str


@dataclass(frozen=True)
class _Found:
    user_id: int | None
    stored: str
    is_known_device: bool
    has_factor: bool


def sign_in(*, email: str, password: str, browser: Browser) -> SignedInNow | SecondStep:
    """Check the password; begin a session, or the wait for the second step.

    Needs: no open writing transaction.
    Raises: RuleBroken when address and password do not belong together, TooMany above a limit.
    """
    subject = queries.email_key(email).hex()
    with passwords.turn():
        with uow.reading():
            found = _find(email, browser.device_token)
            known = browser.device_token if found.is_known_device else None
            tries = throttling.of_password(subject, browser.network, known)
            tries.refuse_above()
        is_right = passwords.is_password(found.stored, password) and found.user_id is not None
        better = (
            passwords.hasher().hash(rules.normal_password(password))
            if is_right and passwords.is_weak(found.stored)
            else None
        )
    if not is_right or found.user_id is None:
        tries.failed()
        log.info("sign_in_failed", user_id=found.user_id)
        raise RuleBroken(_("This e-mail address and password do not belong together. Check both and try again."))
    if better is not None:
        db.session.execute(update(User).where(User.id == found.user_id).values(password_hash=better))
    if found.has_factor:
        return SecondStep(found.user_id, _wait(found.user_id))
    return finish(found.user_id, browser, "password")


def finish(user_id: int, browser: Browser, proof: str) -> SignedInNow:
    """Begin the session of a sign-in whose every step is done; one that the browser had before ends."""
    sessions.end_session(browser.session_token)
    device = devices.remember(user_id, browser.device_token)
    audit.record(Actor(user_id=user_id, channel=Channel.WEB), "account.signed_in", "user", user_id, facts={"by": proof})
    return SignedInNow(user_id, sessions.begin_session(user_id, agent=browser.agent), device)


def end_pending(user_id: int) -> None:
    """Forget sign-ins that wait for their second step."""
    db.session.execute(delete(PendingSignIn).where(PendingSignIn.user_id == user_id))


def _wait(user_id: int) -> str:
    token = tokens.new_token()
    expires_at = clock.now() + PENDING_FOR
    db.session.add(PendingSignIn(token_hash=tokens.token_hash(token), user_id=user_id, expires_at=expires_at))
    db.session.flush()
    return token


def _find(email: str, device_token: str | None) -> _Found:
    user = queries.user_of_email(email)
    user_id = user.id if user is not None else 0  # the same reads for an unknown address, so that both take as long
    is_known, has_factor = devices.is_known(user_id, device_token), factor_queries.has_factor(user_id)
    if user is None or user.disabled_at is not None:
        return _Found(None, passwords.dummy_hash(), is_known_device=False, has_factor=False)
    return _Found(user.id, user.password_hash, is_known, has_factor)
