"""What was good for minutes or an hour goes when its time is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select

from advocacy.accounts.factor_models import PasskeyChallenge, PendingSignIn
from advocacy.accounts.models import AccountLink, RecoveryRequest
from advocacy.core.db import db


def purge_links(before: datetime, limit: int) -> int:
    """Drop mailed links that ended, and requests for a password that no worker answered."""
    links = _purge(AccountLink.id, AccountLink.expires_at < before, limit)
    return links + _purge(RecoveryRequest.id, RecoveryRequest.created_at < before, limit)


def purge_steps(before: datetime, limit: int) -> int:
    """Drop half-done sign-ins and questions to passkeys that ended."""
    waiting = _purge(PendingSignIn.id, PendingSignIn.expires_at < before, limit)
    return waiting + _purge(PasskeyChallenge.id, PasskeyChallenge.expires_at < before, limit)


def _purge(key: Any, is_old: ColumnElement[bool], limit: int) -> int:  # noqa: ANN401 - a mapped column
    ids = select(key).where(is_old).limit(limit)
    gone = delete(key.class_).where(key.in_(ids)).execution_options(synchronize_session=False)
    return int(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]
