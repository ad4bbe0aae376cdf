"""Facts that this room announces, inside the transaction that made them."""

from __future__ import annotations

from blinker import Namespace

_facts = Namespace()

decision_opened = _facts.signal("decision-opened")
"""``decision_id``, ``coalition_id``, ``kind``."""
decision_passed = _facts.signal("decision-passed")
"""``decision_id``, ``coalition_id``, ``kind``."""
membership_activated = _facts.signal("membership-activated")
"""``membership_id``, ``coalition_id``, ``organization_id``."""
membership_ended = _facts.signal("membership-ended")
"""``membership_id``, ``coalition_id``, ``organization_id``: suspended or left, so its rights end now."""
