"""What consent announces, inside the transaction."""

from __future__ import annotations

from blinker import signal

leave_ended = signal("leave_ended")
"""Somebody stopped mail from a link or a page of their own. Sent with the ``models.OptIn`` row as ``opt_in``."""
opt_in_given = signal("opt_in_given")
"""Leave was confirmed, to the coalition or to an organization. Sent with the ``models.OptIn`` row as ``opt_in``."""
opt_in_withdrawn = signal("opt_in_withdrawn")
"""Leave was withdrawn, by whatever way. Sent with the ``models.OptIn`` row as ``opt_in``."""
