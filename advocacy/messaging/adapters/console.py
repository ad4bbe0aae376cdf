"""For developers: mail is printed instead of sent."""

from __future__ import annotations

import click

from advocacy.messaging.adapters.transport import Envelope
from advocacy.messaging.rules import Outcome, Result


class ConsoleTransport:
    """Writes each mail's kind, subject and text to standard output."""

    def send(self, envelope: Envelope) -> Result:
        """Print one mail."""
        content = envelope.read()
        click.echo(f"--- mail {envelope.public_id} ({envelope.kind})\nSubject: {content.subject}\n\n{content.text}---")
        return Result(Outcome.SENT, "printed")
