"""Votes become a result: every rule with its edges, without a database."""

from __future__ import annotations

import pytest

from advocacy.coalitions.decision_models import Choice, DecisionState
from advocacy.coalitions.decision_rules import DECISION_STEPS, Count, has_quorum, outcome, seats_agree

PASSED, FAILED, NO_QUORUM = DecisionState.PASSED, DecisionState.FAILED, DecisionState.NO_QUORUM
CASES = [
    # rule, quorum, voters, support, stand aside, abstain, block, lead, result
    ("two_thirds", 50, 7, 5, 1, 0, 0, None, PASSED),  # journey J1: 5 of 5, one stands aside, one is silent
    ("two_thirds", 50, 9, 4, 0, 0, 2, None, PASSED),  # exactly two thirds
    ("two_thirds", 50, 9, 3, 0, 0, 2, None, FAILED),
    ("two_thirds", 50, 9, 2, 5, 1, 1, None, PASSED),  # aside and abstain weigh nothing
    ("two_thirds", 100, 7, 5, 1, 0, 0, None, NO_QUORUM),
    ("majority", 50, 4, 2, 0, 0, 1, None, PASSED),
    ("majority", 50, 4, 2, 0, 0, 2, None, FAILED),  # a tie carries nothing
    ("majority", 50, 4, 0, 2, 2, 0, None, FAILED),  # nobody wants it
    ("majority", 50, 4, 1, 0, 0, 0, None, NO_QUORUM),
    ("majority", 50, 4, 0, 0, 2, 0, None, FAILED),  # abstaining makes a quorum
    ("consensus", 50, 5, 4, 1, 0, 0, None, PASSED),
    ("consensus", 50, 5, 4, 0, 0, 1, None, FAILED),
    ("consensus", 50, 5, 0, 5, 0, 0, None, FAILED),
    ("consensus_minus_one", 50, 5, 4, 0, 0, 1, None, PASSED),
    ("consensus_minus_one", 50, 5, 3, 0, 0, 2, None, FAILED),
    ("consensus_minus_one", 50, 2, 1, 0, 0, 1, None, FAILED),  # one against one is no consensus
    ("lead_decides", 90, 5, 1, 0, 0, 3, Choice.SUPPORT, PASSED),  # the others advise
    ("lead_decides", 10, 5, 4, 0, 0, 0, Choice.BLOCK, FAILED),
    ("lead_decides", 10, 5, 4, 0, 0, 0, Choice.ABSTAIN, FAILED),
    ("lead_decides", 10, 5, 5, 0, 0, 0, None, NO_QUORUM),
    ("majority", 1, 0, 0, 0, 0, 0, None, NO_QUORUM),
]


@pytest.mark.parametrize("case", CASES)
def test_i035_votes_become_a_result_by_the_rule(case):
    rule, quorum, voters, support, aside, abstain, block, lead, expected = case
    count = Count(voters, support=support, stand_aside=aside, abstain=abstain, block=block)
    assert outcome(rule, quorum, count, lead) == expected


def test_six_of_seven_is_86_percent_and_quorum_is_not_rounded():
    assert Count(7, support=5, stand_aside=1).turnout_pct == 86
    assert not has_quorum(Count(7, support=6), 86)  # 85.7 is less than 86
    assert has_quorum(Count(7, support=6), 85)


@pytest.mark.parametrize(
    "held, blocking, expected", [(0, 0, False), (1, 0, True), (1, 1, False), (2, 1, False), (3, 1, True), (4, 2, False)]
)
def test_i038_story_policy_needs_a_majority_of_seats_that_do_not_block(held, blocking, expected):
    assert seats_agree(held, blocking) is expected


def test_what_ended_stays_ended():
    assert [state for state, steps in DECISION_STEPS.items() if not steps] == [
        DecisionState.PASSED,
        DecisionState.FAILED,
        DecisionState.NO_QUORUM,
        DecisionState.WITHDRAWN,
    ]
