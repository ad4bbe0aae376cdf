"""Secrets that travel in links and cookies.

Two kinds. *Stored* tokens are random; the table keeps only their SHA-256. *Derived* tokens (for mails that are
rendered when they are sent, perhaps twice) are an HMAC over the row's public id and its nonce under a key that is
not in the database: nothing usable is stored at all, a retry renders the same link, and a new nonce kills the old.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

from advocacy.core import crypto
from advocacy.core.ids import PUBLIC_ID_LENGTH, is_public_id


def new_token() -> str:
    """43 characters of base64url: 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """SHA-256 of a stored token, 32 bytes."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def derive_token(purpose: str, public_id: str, nonce: str) -> str:
    """The link token of a row for one purpose, for as long as the row keeps ``nonce``."""
    mac = hmac.digest(crypto.derived_key(f"token:{purpose}"), f"{public_id}:{nonce}".encode(), "sha256")
    return public_id + urlsafe_b64encode(mac[:24]).decode()


def token_subject(token: str) -> str | None:
    """The public id a derived token speaks of, or ``None`` when it has not the shape of one."""
    subject = token[:PUBLIC_ID_LENGTH]
    return subject if len(token) == PUBLIC_ID_LENGTH + 32 and is_public_id(subject) else None


def is_derived_token(token: str, purpose: str, public_id: str, nonce: str | None) -> bool:
    """Whether ``token`` is the row's token for ``purpose``; compared in constant time."""
    if nonce is None:
        return False
    return hmac.compare_digest(token.encode("utf-8", "replace"), derive_token(purpose, public_id, nonce).encode())
