"""Facts that this room announces, inside the transaction that made them."""

from __future__ import annotations

from blinker import Namespace

_facts = Namespace()

petition_opened = _facts.signal("petition-opened")
"""``petition_id``, ``coalition_id``."""
petition_closed = _facts.signal("petition-closed")
"""``petition_id``, ``coalition_id``."""
signature_confirmed = _facts.signal("signature-confirmed")
"""``signature_id``, ``petition_id``, ``coalition_id``; signing itself announces nothing."""
signature_withdrawn = _facts.signal("signature-withdrawn")
"""``signature_id``, ``petition_id``, ``coalition_id``."""
