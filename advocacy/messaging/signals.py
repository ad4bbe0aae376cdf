"""What messaging announces, inside the transaction."""

from __future__ import annotations

from blinker import signal

mail_ended = signal("mail_ended")
"""A mail was handed over, suppressed or given up. Sent with the ``models.Mail`` row as ``mail``."""

lot_ended = signal("lot_ended")
"""Nothing of a lot waits any more, for now: more may be queued. Sent with the ``models.MailLot`` row as ``lot``."""
