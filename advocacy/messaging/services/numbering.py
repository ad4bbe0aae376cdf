"""The numbers of accounts: whose texts may go where, and which numbers said stop."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import exists, select

from advocacy.core import crypto
from advocacy.core.db import db
from advocacy.messaging.text_models import TextNumber, TextStop

SCOPE = "site"


def is_on() -> bool:
    """Whether this installation sends texts."""
    return bool(current_app.extensions["advocacy.settings"].sms.url)


def number_key(number: str) -> bytes:
    """The keyed hash of a number."""
    return crypto.blind_index("text_number", number)


def sealed(user_id: int, number: str) -> bytes:
    """A number as it is kept."""
    return crypto.seal(SCOPE, number, table="text_number", column="number", row=str(user_id))


def opened(row: TextNumber) -> str:
    """The number of a row."""
    return crypto.open_sealed(row.number, table="text_number", column="number", row=str(row.user_id))


def is_stopped(key: bytes) -> bool:
    """Whether a number said stop."""
    return bool(db.session.scalar(select(exists().where(TextStop.number_key == key))))


def open_number_of(user_id: int) -> bytes | None:
    """The key of the number that an account confirmed, while it gets texts."""
    if not is_on():
        return None
    found = db.session.scalar(
        select(TextNumber.number_key).where(
            TextNumber.user_id == user_id,
            TextNumber.confirmed_at.is_not(None),
            ~exists().where(TextStop.number_key == TextNumber.number_key),
        )
    )
    return bytes(found) if found is not None else None


def number_for(user_id: int, key: bytes) -> str | None:
    """The number that a text was meant for, if it still is the account's."""
    row = db.session.get(TextNumber, user_id)
    if row is None or bytes(row.number_key) != key or not is_on():
        return None
    try:
        return opened(row)
    except crypto.SealBroken:
        return None
