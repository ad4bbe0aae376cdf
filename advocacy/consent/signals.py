"""What consent announces, inside the transaction."""

from __future__ import annotations

from blinker import signal

leave_ended = signal("leave_ended")
"""Somebody stopped mail from a link or a page of their own. Sent with the ``models.OptIn`` row as ``opt_in``."""
