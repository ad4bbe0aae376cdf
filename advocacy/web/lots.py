"""What a room says of mail that goes to many: rendered once, filled in for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ReadyBody:
    """What a lot says in one language; ``messaging.ready.slot(name)`` stands where a person's value goes.

    ``headers`` and ``reply_to`` are the same for everybody and hold no slot.
    """

    subject: str
    text: str
    html: str
    reply_to: str | None = None
    sender_name: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipient:
    """Somebody a lot goes to, opened for one batch: the address, what goes into the slots, headers of their own."""

    address: str
    values: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Held:
    """A lot that must wait; it is asked again after a minute. ``reason``: one word for the operators' page."""

    reason: str


@dataclass(frozen=True)
class Gone:
    """A lot that no longer matters: what has not left is held back for good, with this one-word reason."""

    reason: str


@dataclass(frozen=True)
class LotKind:
    """How a kind of mail goes to many.

    ``revision(object_id)`` is asked before each batch: the revision to send, or why none may leave.
    ``ready(object_id, locale)`` renders it, once for each revision and language.
    ``people(object_id, contact_ids)`` opens one batch of recipients, in a fixed number of queries; whoever is missing
    (erased, moved, no longer wanted) gets nothing. All three are asked in a reading unit.
    """

    revision: Callable[[int], int | Held | Gone]
    ready: Callable[[int, str], ReadyBody]
    people: Callable[[int, Sequence[int]], Mapping[int, Recipient]]
