"""The link that an organization gets: for its own signature and nothing else."""

from __future__ import annotations

from sqlalchemy import select

from advocacy.core import tokens
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.links import absolute
from advocacy.signons.models import SignOn

PURPOSE = "signon"


def url(row: SignOn) -> str:
    """The page on which this organization signs, says no, or takes its name back."""
    return absolute(f"/sign-ons/{token(row)}")


def token(row: SignOn) -> str:
    """The secret in that address, for as long as the row keeps its nonce."""
    return tokens.derive_token(PURPOSE, row.public_id, row.nonce)


def by_link(token: str) -> SignOn:
    """The row that a link speaks of.

    Raises: NotFound.
    """
    subject = tokens.token_subject(token)
    row = db.session.execute(select(SignOn).where(SignOn.public_id == subject)).scalar_one_or_none()
    if row is None or not tokens.is_derived_token(token, PURPOSE, row.public_id, row.nonce):
        raise NotFound
    return row
