"""Forget what is no longer needed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from advocacy.core.db import db
from advocacy.petitions.models import Signature, SignatureState


def erase_unconfirmed(before: datetime, limit: int) -> int:
    """Empty signatures whose link expired before ``before``; their rows stay, so that nothing is counted twice."""
    old = (
        select(Signature.id)
        .where(Signature.state == SignatureState.PENDING, Signature.confirm_until < before)
        .order_by(Signature.id)
        .limit(limit)
    )
    emptied = db.session.execute(
        update(Signature)
        .where(Signature.id.in_(old.scalar_subquery()), Signature.state == SignatureState.PENDING)
        .values(
            state=SignatureState.ERASED,
            name=None,
            name_key=None,
            email=None,
            email_key=None,
            comment=None,
            postal_code="",
            confirm_nonce=None,
            idempotency_key=None,
        )
        .execution_options(synchronize_session=False)
        .returning(Signature.id)
    )
    return len(emptied.scalars().all())
