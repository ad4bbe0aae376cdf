"""Which way a campaign can go, and who sees it."""

from __future__ import annotations

from advocacy.campaigns.models import CampaignState as S

TRANSITIONS: dict[S, frozenset[S]] = {
    S.DRAFT: frozenset({S.ACTIVE, S.ARCHIVED}),
    S.ACTIVE: frozenset({S.PAUSED, S.WON, S.LOST, S.CLOSED}),
    S.PAUSED: frozenset({S.ACTIVE, S.LOST, S.CLOSED}),
    S.WON: frozenset({S.ARCHIVED}),
    S.LOST: frozenset({S.ARCHIVED}),
    S.CLOSED: frozenset({S.ACTIVE, S.ARCHIVED}),
    S.ARCHIVED: frozenset(),
}
PUBLIC_STATES = frozenset({S.ACTIVE, S.PAUSED, S.WON, S.LOST, S.CLOSED})


def next_states(state: str) -> list[S]:
    """Where a campaign can go from here, in the order of the list of states."""
    return [found for found in S if found in TRANSITIONS[S(state)]]


def can_move(state: str, to: str) -> bool:
    """Whether a campaign can go from one state to another."""
    return to in TRANSITIONS[S(state)]
