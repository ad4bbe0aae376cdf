"""What reminders learn from the rooms below."""

from __future__ import annotations

from advocacy.messaging.models import Mail
from advocacy.reminders import services


def on_mail_ended(sender: object, *, mail: Mail) -> None:
    """Keep with the reminder what became of its mail."""
    del sender
    services.note_mail_ended(mail)
