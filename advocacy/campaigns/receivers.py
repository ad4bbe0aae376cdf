"""What campaigns learn from the rooms below."""

from __future__ import annotations

from advocacy.campaigns.services import standing
from advocacy.coalitions.decision_models import DecisionKind


def on_decision_passed(sender: object, *, decision_id: int, coalition_id: int, kind: str) -> None:
    """Begin the position that the decision carries."""
    del sender, coalition_id
    if kind == DecisionKind.POSITION:
        standing.follow_decision(decision_id)
