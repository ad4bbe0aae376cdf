"""The links that a person gets who signs a letter: to confirm, and to change or take back."""

from __future__ import annotations

from sqlalchemy import select

from advocacy.core import tokens
from advocacy.core.db import db
from advocacy.core.links import absolute
from advocacy.signons.people_models import PersonalSignOn

CONFIRM, MANAGE = "signon-person-confirm", "signon-person-manage"


def confirm_url(row: PersonalSignOn) -> str:
    """The page with the confirm button; needs a row that waits for it."""
    return absolute(f"/letter-signatures/confirm/{confirm_token(row)}")


def manage_url(row: PersonalSignOn) -> str:
    """The page where a person changes a signature or takes it back."""
    return absolute(f"/letter-signatures/manage/{manage_token(row)}")


def confirm_token(row: PersonalSignOn) -> str:
    """The secret in the first of them."""
    return tokens.derive_token(CONFIRM, row.public_id, row.confirm_nonce or "")


def manage_token(row: PersonalSignOn) -> str:
    """The secret in the second."""
    return tokens.derive_token(MANAGE, row.public_id, row.manage_nonce)


def by_link(token: str) -> PersonalSignOn | None:
    """The row a token names; whether it is good for anything is for the caller to check."""
    subject = tokens.token_subject(token)
    return db.session.execute(select(PersonalSignOn).where(PersonalSignOn.public_id == subject)).scalar_one_or_none()
