"""Find the signature that a mailed link speaks of."""

from __future__ import annotations

from sqlalchemy import select

from advocacy.core import tokens
from advocacy.core.db import db
from advocacy.core.links import absolute
from advocacy.petitions.models import Petition, Signature

CONFIRM = "confirm"
MANAGE = "manage"


def by_link(token: str) -> tuple[Signature, Petition] | None:
    """The row a token names; whether the token is good for anything is for the caller to check."""
    subject = tokens.token_subject(token)
    if subject is None:
        return None
    found = db.session.execute(
        select(Signature, Petition)
        .join(Petition, Petition.id == Signature.petition_id)
        .where(Signature.public_id == subject)
    ).one_or_none()
    return (found[0], found[1]) if found else None


def confirm_url(signature: Signature) -> str:
    """The page with the confirm button; needs a signature that waits for it."""
    return absolute(
        f"/signatures/confirm/{tokens.derive_token(CONFIRM, signature.public_id, signature.confirm_nonce or '')}"
    )


def manage_url(signature: Signature) -> str:
    """The page where a signer changes or takes back a signature."""
    return absolute(f"/signatures/manage/{tokens.derive_token(MANAGE, signature.public_id, signature.manage_nonce)}")
