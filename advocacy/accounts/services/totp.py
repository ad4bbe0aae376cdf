"""Codes of an app: enrolled in two steps, each used once, also in a race and also when the request is refused later."""

from __future__ import annotations

import hmac
from datetime import timedelta
from functools import partial

import pyotp
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, update

from advocacy.accounts import factor_queries, queries
from advocacy.accounts.factor_models import TotpFactor
from advocacy.accounts.models import User
from advocacy.audit import services as audit
from advocacy.core import clock, crypto, uow
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Gone, NotFound, RuleBroken
from advocacy.core.ids import new_public_id

STEP_S = 30
WINDOW = 1
"""Steps that a phone's clock may be off, each way."""
DIGITS = 6
ENROL_WITHIN = timedelta(hours=1)


def begin(actor: Actor) -> None:
    """Make a secret to be shown; the one in use stays until a code proves that the new one arrived."""
    _set_pending(_own_id(actor), pyotp.random_base32())


def pending_secret(actor: Actor) -> str:
    """The secret that waits to be confirmed.

    Raises: Gone when there is none or it was shown too long ago.
    """
    return _pending_of(_own_id(actor))[1]


def provisioning_uri(actor: Actor) -> str:
    """What the QR code says, with the site and the address for the list in the app.

    Raises: Gone.
    """
    user_id = _own_id(actor)
    _name, email, _locale = queries.contact(user_id)
    site = current_app.extensions["advocacy.settings"].server.name
    return pyotp.TOTP(_pending_of(user_id)[1]).provisioning_uri(name=email, issuer_name=site)


def confirm(actor: Actor, code: str) -> None:
    """Take the shown secret into use, by a first code; that code is used up.

    Raises: Gone, RuleBroken (field ``code``).
    """
    user_id = _own_id(actor)
    factor, secret = _pending_of(user_id)
    step = _step_of(secret, code)
    if step is None:
        raise RuleBroken(
            _("This code does not fit. Check that your phone sets its clock by itself, and use the newest code."),
            field="code",
        )
    _take_in(factor, step)
    audit.record(actor, "account.totp_enrolled", "user", user_id)


def enrol(actor: Actor, user_id: int) -> str:
    """The operator enrols app codes for an account; gives the secret, which is shown nowhere again.

    Needs: an actor of the operator, checked by the caller.
    """
    secret = pyotp.random_base32()
    _take_in(_set_pending(user_id, secret), 0)
    audit.record(actor, "account.totp_enrolled", "user", user_id)
    return secret


def remove(user_id: int) -> bool:
    """Drop the account's app codes; says whether there were any."""
    gone = delete(TotpFactor).where(TotpFactor.user_id == user_id).returning(TotpFactor.secret_sealed)
    return db.session.execute(gone).scalar_one_or_none() is not None


def use_code(user_id: int, code: str) -> bool:
    """Whether this is a fresh code of the account; it is used up from here on, even if the request is refused."""
    factor = factor_queries.totp_of(user_id)
    if factor is None or factor.secret_sealed is None:
        return False
    step = _step_of(_open(factor, factor.secret_sealed), code)
    if step is None:
        return False
    uow.afterwards(partial(_keep_used, factor.id, step))
    return _burn(factor.id, step)


def _keep_used(factor_id: int, step: int) -> None:
    _burn(factor_id, step)


def _burn(factor_id: int, step: int) -> bool:
    """Compare and set: of all requests with this code, one raises the step. Rows of a step behind never fall back."""
    raised = (
        update(TotpFactor)
        .where(TotpFactor.id == factor_id, TotpFactor.last_step < step)
        .values(last_step=step)
        .returning(TotpFactor.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.execute(raised).scalar_one_or_none() is not None


def _step_of(secret: str, code: str) -> int | None:
    """The step whose code this is, among the present one and its neighbours."""
    plain = "".join(code.split())
    if len(plain) != DIGITS or not plain.isascii() or not plain.isdigit():
        return None
    generator, present = pyotp.TOTP(secret), int(clock.timestamp()) // STEP_S
    fitting = [
        step
        for step in range(present - WINDOW, present + WINDOW + 1)
        if hmac.compare_digest(generator.generate_otp(step), plain)
    ]
    return fitting[-1] if fitting else None


def _set_pending(user_id: int, secret: str) -> TotpFactor:
    factor = factor_queries.totp_of(user_id)
    if factor is None:
        factor = TotpFactor(public_id=new_public_id(), user_id=user_id, last_step=0)
        db.session.add(factor)
    factor.pending_sealed = crypto.seal("site", secret, table="totp_factor", column="secret", row=factor.public_id)
    factor.pending_at = clock.now()
    db.session.flush()
    return factor


def _take_in(factor: TotpFactor, step: int) -> None:
    factor.secret_sealed, factor.confirmed_at, factor.last_step = factor.pending_sealed, clock.now(), step
    factor.pending_sealed = factor.pending_at = None
    db.session.flush()


def _pending_of(user_id: int) -> tuple[TotpFactor, str]:
    factor = factor_queries.totp_of(user_id)
    if factor is None or factor.pending_sealed is None or factor.pending_at is None:
        raise Gone(_("There is nothing to confirm. Please begin again."))
    if clock.now() - factor.pending_at > ENROL_WITHIN:
        raise Gone(_("This key was shown too long ago. Please begin again."))
    return factor, _open(factor, factor.pending_sealed)


def _open(factor: TotpFactor, sealed: bytes) -> str:
    return crypto.open_sealed(sealed, table="totp_factor", column="secret", row=factor.public_id)


def _own_id(actor: Actor) -> int:
    if actor.user_id is None or db.session.get(User, actor.user_id) is None:
        raise NotFound
    return actor.user_id
