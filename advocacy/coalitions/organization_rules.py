"""What may follow what for organizations, and which of them decide."""

from __future__ import annotations

from collections.abc import Mapping

from advocacy.coalitions.organization_models import Membership, MembershipState, Tier

S = MembershipState

MEMBERSHIP_STEPS: Mapping[str, frozenset[str]] = {
    S.INVITED: frozenset({S.PENDING, S.ACTIVE, S.LEFT}),
    S.PENDING: frozenset({S.ACTIVE, S.LEFT}),
    S.ACTIVE: frozenset({S.SUSPENDED, S.LEFT}),
    S.SUSPENDED: frozenset({S.ACTIVE, S.LEFT}),
    S.LEFT: frozenset(),
}
DECIDING_TIERS = frozenset({Tier.STEERING, Tier.MEMBER})


def next_states(state: str) -> list[MembershipState]:
    """Where a membership can go from here, in the order of the list of states."""
    return [found for found in S if found in MEMBERSHIP_STEPS[state]]


def is_step(before: str, after: str) -> bool:
    """Whether a membership may go from one state to another."""
    return after in MEMBERSHIP_STEPS[before]


def decides(tier: str, state: str) -> bool:
    """Whether an organization of this tier and state has a vote."""
    return state == S.ACTIVE and tier in DECIDING_TIERS


def needs_memorandum(membership: Membership) -> bool:
    """Whether the memorandum must be signed before this organization can be active (domain I-031)."""
    return membership.tier in DECIDING_TIERS and membership.mou_signed_on is None
