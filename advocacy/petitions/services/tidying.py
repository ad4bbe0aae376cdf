"""Forget what is no longer needed."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select, update

from advocacy.core.db import db
from advocacy.core.ids import new_public_id
from advocacy.petitions.delivery_models import Delivery
from advocacy.petitions.models import KEY_BYTES, PUT_ASIDE, Display, Petition, PetitionState, Signature, SignatureState


def erase_unconfirmed(before: datetime, limit: int) -> int:
    """Empty signatures whose link expired before ``before``; their rows stay, so that nothing is counted twice."""
    return _erase((Signature.state == SignatureState.PENDING) & (Signature.confirm_until < before), limit)


def erase_put_aside(before: datetime, limit: int) -> int:
    """Empty signatures that were held, invalidated, or taken back unconfirmed, before ``before``.

    None of them counts, so no tally changes; one that counted once keeps its day, place and row for deliveries.
    """
    ended_at = func.coalesce(Signature.invalidated_at, Signature.withdrawn_at, Signature.created_at)
    return _erase(and_(PUT_ASIDE, Signature.created_at < before, ended_at < before), limit)


def _erase(is_due: ColumnElement[bool], limit: int) -> int:
    old = select(Signature.id).where(is_due).order_by(Signature.created_at).limit(limit)
    emptied = db.session.execute(
        update(Signature)
        .where(Signature.id.in_(old.scalar_subquery()), is_due)  # a signature that was released meanwhile stays
        .values(
            state=SignatureState.ERASED,
            name=None,
            name_key=None,
            email=None,
            email_key=None,
            person_id=None,
            comment=None,
            postal_code="",
            town="",
            confirm_nonce=None,
            receipt_hash=None,
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
            "person_id": None,
        }
        for signature_id in ids
    ]
    if emptied:
        db.session.execute(update(Signature), emptied)
    return len(emptied)
