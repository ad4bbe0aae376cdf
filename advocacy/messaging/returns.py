"""What a returned mail says (RFC 3464) or a report of a complaint (RFC 5965). Pure; hostile input says nothing.

Only codes and our own marks are taken: addresses and words in such a mail are anybody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message

from advocacy.messaging.suppression_models import ReturnKind

MAX_BYTES = 1_000_000
_MAX_PARTS = 60
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9_-]{22}@[A-Za-z0-9.-]{1,160}>")
_TOKEN = re.compile(r"\+([A-Za-z0-9_-]{34})@")
_WHERE = ("To", "Delivered-To", "X-Original-To", "Return-Path", "Original-Mail-From")
_GONE = re.compile(r"5\.(?:0\.0|1\.(?![78]\Z)\d{1,3}|2\.1|4\.4)\Z")
"""No such mailbox or domain (RFC 3463). A full mailbox, a refused text or a server that dislikes ours are not that."""
_KINDS = {"4": ReturnKind.SOFT_BOUNCE, "5": ReturnKind.HARD_BOUNCE, "2": ReturnKind.DELIVERED}
_ORDER = (ReturnKind.HARD_BOUNCE, ReturnKind.SOFT_BOUNCE, ReturnKind.DELIVERED)


@dataclass(frozen=True)
class Return:
    """What came back, and the marks that may name the mail: tokens of its sender's address, and Message-IDs."""

    kind: ReturnKind
    status: str
    tokens: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()


def kind_of_status(status: str) -> tuple[ReturnKind, str] | None:
    """What a code as in RFC 3463 means; ``None`` when it is none."""
    found = _STATUS.search(status[:200])
    if found is None:
        return None
    is_refused_now = found[1] == "5" and not _GONE.match(found[0])
    return ReturnKind.SOFT_BOUNCE if is_refused_now else _KINDS[found[1]], found[0]


def read(data: bytes) -> Return | None:
    """Read one mail that somebody sent to the address for returns; ``None`` when it is not a report."""
    if len(data) > MAX_BYTES:
        return None
    try:
        whole = message_from_bytes(data, policy=policy.compat32)
        parts = list(_parts(whole))
        said = _said(parts)
        if said is None:
            return None
        return Return(*said, _found(_TOKEN, parts, _WHERE), _message_ids(parts))
    except Exception:  # noqa: BLE001 - the parser meets anybody's bytes, and whatever it says of them is "no report"
        return None


def _parts(whole: Message) -> Iterator[Message]:
    for number, part in enumerate(whole.walk()):
        if number >= _MAX_PARTS:
            return
        yield part


def _said(parts: Sequence[Message]) -> tuple[ReturnKind, str] | None:
    """The worst that is said: one mail went to one address."""
    if parts[0].get_content_type() != "multipart/report":
        return None
    if any(part.get("Feedback-Type") is not None for part in parts):
        kinds = {str(part.get("Feedback-Type", "not-spam")).strip().casefold() for part in parts}
        return (ReturnKind.COMPLAINT, "") if kinds - {"not-spam"} else None
    found = [kind_of_status(str(part["Status"])) for part in parts if part.get("Status") is not None]
    by_kind = {one[0]: one for one in found if one is not None}
    return next((by_kind[kind] for kind in _ORDER if kind in by_kind), None)


def _found(pattern: re.Pattern[str], parts: Sequence[Message], names: Sequence[str]) -> tuple[str, ...]:
    values = (str(value)[:1000] for part in parts for name in names for value in part.get_all(name, []))
    return tuple(dict.fromkeys(one for value in values for one in pattern.findall(value)))[:5]


def _message_ids(parts: Sequence[Message]) -> tuple[str, ...]:
    """The Message-IDs of the mail that came back: of a part of its own, or of its headers as text."""
    inner = _found(_MESSAGE_ID, parts[1:], ("Message-ID",))
    texts = [part for part in parts if part.get_content_type() == "text/rfc822-headers"]
    written = [str(part.get_payload())[:50_000] for part in texts]
    lines = [line for text in written for line in text.splitlines() if line.casefold().startswith("message-id:")]
    return tuple(dict.fromkeys((*inner, *(one for line in lines for one in _MESSAGE_ID.findall(line)))))[:5]
