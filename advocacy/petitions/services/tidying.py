"""Forget what is no longer needed."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import exists, func, select, update

from advocacy.core.db import db
from advocacy.core.ids import new_public_id
from advocacy.petitions.delivery_models import Delivery
from advocacy.petitions.models import KEY_BYTES, Display, Petition, PetitionState, Signature, SignatureState


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


def anonymise_delivered(before: datetime, limit: int) -> int:
    """Empty the names and addresses of petitions handed over before ``before``; counts and districts stay."""
    handed_over = select(Delivery.id).where(Delivery.petition_id == Petition.id, Delivery.delivered_at.is_not(None))
    is_over = exists(handed_over) & ~exists(handed_over.where(Delivery.delivered_at >= before))
    old = (
        select(Signature.id)
        .join(Petition, Petition.id == Signature.petition_id)
        .where(
            Petition.state.in_([PetitionState.DELIVERED, PetitionState.ARCHIVED]),
            is_over,
            func.length(Signature.name) > 0,
        )
        .order_by(Signature.id)
        .limit(limit)
    )
    ids = list(db.session.execute(old).scalars())
    emptied = [
        {
            "id": signature_id,
            "name": b"",
            "name_key": None,
            "email": None,
            "email_key": secrets.token_bytes(KEY_BYTES),  # nobody's: a row from the web keeps some key
            "comment": None,
            "postal_code": "",
            "town": "",
            "display": Display.HIDDEN,
            "confirm_nonce": None,
            "manage_nonce": new_public_id(),
            "idempotency_key": None,
            "receipt_hash": None,
        }
        for signature_id in ids
    ]
    if emptied:
        db.session.execute(update(Signature), emptied)
    return len(emptied)
