"""What stands on every mail that a person may stop: the links, and the headers by which a mail program does it.

A link's token is derived from its mail's row: nothing usable is stored, and a link tells no address.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from sqlalchemy import select

from advocacy.core import tokens
from advocacy.core.db import db
from advocacy.core.ids import PUBLIC_ID_LENGTH, is_public_id
from advocacy.core.links import absolute
from advocacy.messaging.models import Mail

UNSUBSCRIBE = "mail:unsubscribe"
PREFERENCES = "mail:preferences"
_BOUNCE = "mail:bounce"
_NONCE = "1"
_BOUNCE_LENGTH = PUBLIC_ID_LENGTH + 12  # an address has room for 64 letters before the @


@dataclass(frozen=True)
class Links:
    """Where a mail is stopped, and where everything else is chosen."""

    unsubscribe_url: str
    preferences_url: str


@dataclass(frozen=True)
class View:
    """What a mail's templates must know beside their own words: its links, and whether they name no topic outside."""

    links: Links | None = None
    is_discreet: bool = False


_view: ContextVar[View | None] = ContextVar("mail_view", default=None)


def view() -> View:
    """What holds for the mail that is being composed."""
    return _view.get() or View()


def names(found: View) -> dict[str, object]:
    """What templates may name."""
    links = found.links
    return {
        "links": links,
        "unsubscribe_url": links.unsubscribe_url if links else "",
        "preferences_url": links.preferences_url if links else "",
    }


@contextmanager
def viewing(found: View) -> Iterator[None]:
    """Compose a mail with these links."""
    token = _view.set(found)
    try:
        yield
    finally:
        _view.reset(token)


def links_of(public_id: str) -> Links:
    """The links of one mail."""
    return Links(
        absolute(f"/unsubscribe/{tokens.derive_token(UNSUBSCRIBE, public_id, _NONCE)}"),
        absolute(f"/preferences/{tokens.derive_token(PREFERENCES, public_id, _NONCE)}"),
    )


def list_headers(links: Links) -> Mapping[str, str]:
    """The headers by which a mail program offers to stop such mail with one press (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{links.unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def mail_of_link(purpose: str, token: str) -> Mail | None:
    """The mail whose link this is; none for a forged one, for another link's, and for mail nobody agreed to."""
    subject = tokens.token_subject(token)
    if subject is None or not tokens.is_derived_token(token, purpose, subject, _NONCE):
        return None
    return db.session.scalar(select(Mail).where(Mail.public_id == subject, Mail.opt_in_id.is_not(None)))


def bounce_token(public_id: str) -> str:
    """What stands behind the plus in the address that mail servers return a mail to."""
    return tokens.derive_token(_BOUNCE, public_id, _NONCE)[:_BOUNCE_LENGTH]


def public_id_of_bounce(token: str) -> str | None:
    """The mail that a returned one's address names; ``None`` when nobody of ours wrote it."""
    subject = token[:PUBLIC_ID_LENGTH]
    if len(token) != _BOUNCE_LENGTH or not is_public_id(subject) or not token.isascii():
        return None
    return subject if hmac.compare_digest(token.encode(), bounce_token(subject).encode()) else None
