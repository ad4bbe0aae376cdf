"""How the chain is made: pure functions over an event's content."""

from __future__ import annotations

import hmac
import json
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advocacy.audit.models import AuditEvent

FIRST_LINK = bytes(32)


def content(event: AuditEvent) -> bytes:
    """Everything an event says, in one form on both databases."""
    said = {
        "id": event.id,
        "public_id": event.public_id,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "user_id": event.user_id,
        "coalition_id": event.coalition_id,
        "action": event.action,
        "object": [event.object_kind, event.object_id],
        "facts": event.facts,
        "request_id": event.request_id,
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def next_link(key: bytes, link: bytes, seq: int, event: AuditEvent) -> bytes:
    """The chain's next link."""
    return hmac.digest(key, b"link" + link + seq.to_bytes(8, "big") + content(event), "sha256")


def head_mac(key: bytes, seq: int, link: bytes) -> bytes:
    """The keyed end of the chain: without the key nobody can move it back to hide a cut."""
    return hmac.digest(key, b"head" + link + seq.to_bytes(8, "big"), "sha256")
