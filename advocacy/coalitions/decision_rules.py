"""How votes become a result: pure arithmetic, so that a table of cases can test every rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from advocacy.coalitions.decision_models import Choice, DecisionState
from advocacy.coalitions.models import DecisionRule

S = DecisionState

DECISION_STEPS: Mapping[str, frozenset[str]] = {
    S.DRAFT: frozenset({S.OPEN, S.WITHDRAWN}),
    S.OPEN: frozenset({S.PASSED, S.FAILED, S.NO_QUORUM, S.WITHDRAWN}),
    S.PASSED: frozenset(),
    S.FAILED: frozenset(),
    S.NO_QUORUM: frozenset(),
    S.WITHDRAWN: frozenset(),
}


@dataclass(frozen=True)
class Count:
    """The votes that stand, of how many organizations."""

    voters: int
    support: int = 0
    stand_aside: int = 0
    abstain: int = 0
    block: int = 0

    @property
    def cast(self) -> int:
        """Every vote cast counts for the quorum, whatever it says."""
        return self.support + self.stand_aside + self.abstain + self.block

    @property
    def turnout_pct(self) -> int:
        """How many of a hundred organizations voted, rounded as people do."""
        return (200 * self.cast + self.voters) // (2 * self.voters) if self.voters else 0


def is_step(before: str, after: str) -> bool:
    """Whether a decision may go from one state to another."""
    return after in DECISION_STEPS[before]


def has_quorum(count: Count, quorum_pct: int) -> bool:
    """Whether enough organizations voted."""
    return count.voters > 0 and 100 * count.cast >= quorum_pct * count.voters


def has_support(rule: str, count: Count, lead: Choice | None = None) -> bool:
    """Whether the votes carry a decision; those who stand aside or abstain are in nobody's way.

    Two thirds weigh support against support and blocks together. Consensus bears no block, consensus minus one bears
    one. Nothing passes without support, or with as many blocks as support.
    """
    against = count.block
    if rule == DecisionRule.LEAD_DECIDES:
        return lead == Choice.SUPPORT
    if count.support <= against:
        return False
    if rule == DecisionRule.CONSENSUS:
        return against == 0
    if rule == DecisionRule.CONSENSUS_MINUS_ONE:
        return against <= 1
    if rule == DecisionRule.TWO_THIRDS:
        return 3 * count.support >= 2 * (count.support + against)
    return True


def seats_agree(held: int, blocking: int) -> bool:
    """Whether story policy may pass: a majority of the filled lived-experience seats did not block (domain I-038)."""
    return 2 * blocking < held


def outcome(rule: str, quorum_pct: int, count: Count, lead: Choice | None = None) -> DecisionState:
    """The result: without quorum none; where the lead decides, the others advise and the lead's vote is the quorum."""
    is_enough = lead is not None if rule == DecisionRule.LEAD_DECIDES else has_quorum(count, quorum_pct)
    if not is_enough:
        return S.NO_QUORUM
    return S.PASSED if has_support(rule, count, lead) else S.FAILED
