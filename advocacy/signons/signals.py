"""Facts that this room announces, inside the transaction that made them."""

from __future__ import annotations

from blinker import Namespace

_facts = Namespace()

signon_delivered = _facts.signal("signon-delivered")
"""``letter_id``, ``coalition_id``, ``is_lobbying``, ``membership_ids`` (who signed)."""
