"""Where a person may go with a letter."""

from __future__ import annotations

from advocacy.signons.people_models import PersonState

S = PersonState
PERSON_STEPS: dict[str, frozenset[str]] = {
    S.PENDING: frozenset({S.SIGNED, S.RESCINDED}),
    S.SIGNED: frozenset({S.NEEDS_RECONFIRM, S.RESCINDED, S.REMOVED}),
    S.NEEDS_RECONFIRM: frozenset({S.SIGNED, S.RESCINDED, S.REMOVED}),
    S.RESCINDED: frozenset(),
    S.REMOVED: frozenset(),
}


def is_step(before: str, after: str) -> bool:
    """Whether a person may go from one state to another."""
    return after in PERSON_STEPS[before]
