"""What sending needs of a way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from advocacy.messaging.message import Address
from advocacy.messaging.rules import Result
from advocacy.web.manifest import Content


@dataclass(frozen=True)
class Envelope:
    """One mail to one recipient, ready to go."""

    public_id: str
    kind: str
    message_id: str
    sender: Address
    recipient: Address
    data: bytes
    read: Callable[[], Content]
    """What it says, for ways out that show it to people."""


class Transport(Protocol):
    """Hands a mail over; expected failures are results, not exceptions."""

    def send(self, envelope: Envelope) -> Result:
        """Hand over one mail. Needs: no open transaction."""
        ...
