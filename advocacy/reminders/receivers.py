"""What reminders learn from the rooms below."""

from __future__ import annotations

from advocacy.messaging.models import Mail
from advocacy.reminders.services import checking


def on_mail_ended(sender: object, *, mail: Mail) -> None:
    """Keep with the reminder what became of its mail."""
    del sender
    checking.note_mail_ended(mail)
