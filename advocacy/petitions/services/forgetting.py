"""What petitions hold of somebody with an account, found by the address that signed: for export, and its erasure."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from advocacy.accounts import queries as accounts
from advocacy.accounts.models import User
from advocacy.core import crypto
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.petitions import queries
from advocacy.petitions.models import KEY_BYTES, Display, Petition, Signature, SignatureState
from advocacy.petitions.partner_models import DeletionReason
from advocacy.petitions.services import addressing, facts, opting, streets, unsharing
from advocacy.petitions.services.signing import email_key


def export(user_id: int) -> Mapping[str, Any]:
    """The signatures given with the account's address."""
    return {
        "signatures": [
            {
                "petition": petition.title,
                "name": queries.signer_name(row),
                "email": opting.signer_email(row),
                "postal_code": row.postal_code,
                "town": row.town,
                "comment": _comment(row),
                "street": streets.opened(row),
                "shown": row.display,
                "news": row.updates,
                "given_to_partner": row.partner_updates,
                "state": row.state,
                "signed_at": row.created_at.isoformat(),
            }
            for row, petition in _signatures_of(user_id)
        ]
    }


def erase(user_id: int) -> None:
    """Empty every signature given with the account's address; partners are told. Rows stay, so counts still add up."""
    for row, _petition in _signatures_of(user_id):
        opting.end_wish(row)
        unsharing.end_partner_leave(row, DeletionReason.ERASED)
        streets.drop(row.id)
        is_counted = row.state == SignatureState.VERIFIED
        row.name = b"" if is_counted else None
        row.person_id = None
        row.name_key = row.email = row.comment = row.idempotency_key = row.receipt_hash = row.confirm_nonce = None
        row.email_key = secrets.token_bytes(KEY_BYTES) if is_counted else None  # nobody's: a row from the web keeps one
        row.postal_code, row.town, row.display, row.updates = "", "", Display.HIDDEN, False
        row.manage_nonce = new_public_id()
        if not is_counted:
            row.state = SignatureState.ERASED
    db.session.flush()


def _signatures_of(user_id: int) -> list[tuple[Signature, Petition]]:
    user = db.session.get(User, user_id)
    if user is None:
        return []
    try:
        canonical = addressing.canonical_address(accounts.open_email(user), facts.address_rules())
    except RuleBroken:
        return []
    known = db.session.execute(select(Petition.coalition_id, Petition.id)).all()
    keys = [email_key(coalition_id, petition_id, canonical) for coalition_id, petition_id in known]
    rows = select(Signature, Petition).join(Petition, Petition.id == Signature.petition_id)
    found = db.session.execute(rows.where(Signature.email_key.in_(keys)).order_by(Signature.id))
    return [(row, petition) for row, petition in found]


def _comment(row: Signature) -> str:
    if not row.comment:
        return ""
    return crypto.open_sealed(row.comment, table="signature", column="comment", row=row.public_id)
