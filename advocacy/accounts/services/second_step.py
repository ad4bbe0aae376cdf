"""The second step of a sign-in: a code of an app, a recovery code, or a passkey."""

from __future__ import annotations

from functools import partial

from flask_babel import gettext as _
from sqlalchemy import delete, update

from advocacy.accounts import factor_queries
from advocacy.accounts.factor_models import Ceremony, PendingSignIn
from advocacy.accounts.services import devices, mailing, passkeys, recovery_codes, throttling, totp
from advocacy.accounts.services.signing_in import Browser, SignedInNow, finish
from advocacy.core import logs, tokens, uow
from advocacy.core.db import db
from advocacy.core.errors import Gone, RuleBroken

MOST_FAILURES = 5
"""Wrong codes before the password must be given again."""
log = logs.get("accounts")


def require_pending(token: str | None) -> PendingSignIn:
    """The sign-in that waits behind a cookie.

    Raises: Gone when there is none, it is too old, was finished, or had too many wrong codes.
    """
    found = factor_queries.pending_of(token)
    if found is None or found.failure_count >= MOST_FAILURES:
        raise Gone(_("This sign-in was finished already, or took too long. Please sign in again."))
    return found


def enter_code(token: str | None, code: str, browser: Browser) -> SignedInNow:
    """Finish a sign-in with a code of the app or one from paper; each code works once, whatever comes after.

    Raises: Gone, TooMany, RuleBroken (field ``code``).
    """
    pending = require_pending(token)
    pending_id, user_id = pending.id, pending.user_id
    known = browser.device_token if devices.is_known(user_id, browser.device_token) else None
    tries = throttling.of_code(user_id, browser.network, known)
    tries.refuse_above()
    proof = _proof(user_id, code)
    if proof is None:
        tries.failed()
        uow.afterwards(partial(_note_failure, pending_id))
        log.info("sign_in_code_failed", user_id=user_id)
        raise RuleBroken(
            _("This code does not work, or was used already. Wait for the next one in your app and try again."),
            field="code",
        )
    _settle(pending_id)
    if proof == "recovery_code":
        mailing.tell(user_id, "code_used")
    return finish(user_id, browser, f"password+{proof}")


def enter_passkey(token: str | None, credential: str, browser: Browser) -> SignedInNow:
    """Finish a sign-in with a passkey of its account.

    Raises: Gone, RuleBroken.
    """
    pending = require_pending(token)
    pending_id = pending.id
    user_id = passkeys.check(
        credential, bound_to=tokens.token_hash(token or ""), ceremony=Ceremony.SIGN_IN, user_id=pending.user_id
    )
    _settle(pending_id)
    return finish(user_id, browser, "password+passkey")


def sign_in_with_passkey(token: str | None, credential: str, browser: Browser) -> SignedInNow:
    """Sign in by a passkey alone: the device has checked the person, so it is two factors in one.

    Failures of others with the password count for nothing here: who has the passkey gets in.
    Raises: RuleBroken.
    """
    bound_to = tokens.token_hash(token or "")
    user_id = passkeys.check(credential, bound_to=bound_to, ceremony=Ceremony.SIGN_IN, user_id=None)
    return finish(user_id, browser, "passkey")


def _proof(user_id: int, code: str) -> str | None:
    if totp.use_code(user_id, code):
        return "totp"
    return "recovery_code" if recovery_codes.use_code(user_id, code) else None


def _settle(pending_id: int) -> None:
    """Take the waiting sign-in away; of two requests at the same instant one does.

    Raises: Gone.
    """
    gone = delete(PendingSignIn).where(PendingSignIn.id == pending_id).returning(PendingSignIn.id)
    if db.session.execute(gone).scalar_one_or_none() is None:
        raise Gone(_("This sign-in was finished already, or took too long. Please sign in again."))


def _note_failure(pending_id: int) -> None:
    counted = update(PendingSignIn).where(PendingSignIn.id == pending_id)
    db.session.execute(counted.values(failure_count=PendingSignIn.failure_count + 1))
