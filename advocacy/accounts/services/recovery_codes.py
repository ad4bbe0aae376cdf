"""Codes on paper for the day a phone is lost: ten at a time, shown once, kept as keyed hashes, each used once."""

from __future__ import annotations

import secrets
from functools import partial

from sqlalchemy import delete, update

from advocacy.accounts.factor_models import RecoveryCode
from advocacy.audit import services as audit
from advocacy.core import clock, crypto, uow
from advocacy.core.actor import Actor, Channel
from advocacy.core.db import db

COUNT = 10
GROUPS, GROUP = 4, 4
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters that look like digits. Sixteen of them are about 79 bits."""


def make_codes(actor: Actor, user_id: int) -> list[str]:
    """Ten new codes; the ones before them die."""
    codes = ["-".join(_group() for _ in range(GROUPS)) for _ in range(COUNT)]
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    now = clock.now()
    db.session.add_all(RecoveryCode(user_id=user_id, code_key=_key(user_id, code), created_at=now) for code in codes)
    db.session.flush()
    audit.record(actor, "account.recovery_codes_made", "user", user_id)
    return codes


def use_code(user_id: int, code: str) -> bool:
    """Whether this is an unused code of the account; it is used up from here on, even if the request is refused."""
    plain = _plain(code)
    if len(plain) != GROUPS * GROUP:
        return False
    key = _key(user_id, plain)
    if not _mark_used(user_id, key):
        return False
    uow.afterwards(partial(_keep_used, user_id, key))
    audit.record(Actor(user_id=user_id, channel=Channel.WEB), "account.recovery_code_used", "user", user_id)
    return True


def drop_codes(user_id: int) -> None:
    """Forget the account's codes."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def _mark_used(user_id: int, key: bytes) -> bool:
    marked = (
        update(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.code_key == key, RecoveryCode.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
    )
    return db.session.execute(marked).scalar_one_or_none() is not None


def _keep_used(user_id: int, key: bytes) -> None:
    _mark_used(user_id, key)


def _group() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(GROUP))


def _plain(code: str) -> str:
    return "".join(char for char in code.casefold() if char in _ALPHABET)


def _key(user_id: int, code: str) -> bytes:
    return crypto.blind_index("recovery_code", f"{user_id}:{_plain(code)}")
