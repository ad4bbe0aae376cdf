"""Tiers, states, kinds and answers in plain words."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from advocacy.coalitions.committee_models import CommitteeKind
from advocacy.coalitions.decision_models import Choice, DecisionKind, DecisionState, Voice
from advocacy.coalitions.models import DecisionRule
from advocacy.coalitions.name_models import COALITION_PAGE, NameAnswer, NameRequest
from advocacy.coalitions.organization_models import Leave, MembershipState, TaxStatus, Tier

TIER_WORDS: dict[str, object] = {
    Tier.STEERING: _l("Steering member"),
    Tier.MEMBER: _l("Member"),
    Tier.ENDORSER: _l("Endorser"),
    Tier.OBSERVER: _l("Observer"),
    Tier.PARTNER: _l("Partner"),
}
TIER_HINTS: dict[str, object] = {
    Tier.STEERING: _l("Has a vote, and helps to lead."),
    Tier.MEMBER: _l("Has a vote."),
    Tier.ENDORSER: _l("Stands behind the cause in public, without a vote."),
    Tier.OBSERVER: _l("Listens and reads."),
    Tier.PARTNER: _l("Shares a petition page, and sees only what people agreed to share with it."),
}
STATE_WORDS: dict[str, tuple[object, str]] = {
    MembershipState.INVITED: (_l("Invited"), "info"),
    MembershipState.PENDING: (_l("Papers to finish"), "warn"),
    MembershipState.ACTIVE: (_l("Active"), "good"),
    MembershipState.SUSPENDED: (_l("Suspended"), "warn"),
    MembershipState.LEFT: (_l("Left"), "plain"),
}
STEP_WORDS: dict[str, tuple[object, object]] = {
    MembershipState.PENDING: (_l("Papers to finish"), ""),
    MembershipState.ACTIVE: (_l("Make it active"), ""),
    MembershipState.SUSPENDED: (
        _l("Suspend"),
        _l("Its people can no longer act for it, and its partner pages close at once."),
    ),
    MembershipState.LEFT: (_l("Note that it has left"), _l("This cannot be undone. It may join anew later.")),
}
LEAVE_WORDS: dict[str, object] = {
    Leave.ALWAYS: _l("Yes, always"),
    Leave.ASK_EACH: _l("Ask each time"),
    Leave.NEVER: _l("No"),
}
TAX_WORDS: dict[str, object] = {
    TaxStatus.C3: _l("501(c)(3) charity"),
    TaxStatus.C4: _l("501(c)(4) social welfare"),
    TaxStatus.UNION: _l("Union"),
    TaxStatus.TRADE: _l("Trade association"),
    TaxStatus.GOVERNMENT: _l("Public body"),
    TaxStatus.UNINCORPORATED: _l("Not incorporated"),
    TaxStatus.OTHER: _l("Something else"),
}
RULE_WORDS: dict[str, object] = {
    DecisionRule.CONSENSUS: _l("Consensus: nobody blocks"),
    DecisionRule.CONSENSUS_MINUS_ONE: _l("Consensus but one: at most one blocks"),
    DecisionRule.MAJORITY: _l("Majority: more support than blocks"),
    DecisionRule.TWO_THIRDS: _l("Two thirds of support and blocks together"),
    DecisionRule.LEAD_DECIDES: _l("The lead organization decides"),
}
COMMITTEE_WORDS: dict[str, object] = {
    CommitteeKind.STEERING: _l("Steering"),
    CommitteeKind.ADVISORY: _l("Advisory"),
    CommitteeKind.STORY_POLICY: _l("Story policy"),
    CommitteeKind.OTHER: _l("Other"),
}
DECISION_WORDS: dict[str, object] = {
    DecisionKind.POSITION: _l("Position on a bill or issue"),
    DecisionKind.SIGN_ON: _l("Sign-on letter"),
    DecisionKind.PRESS: _l("Press statement"),
    DecisionKind.BUDGET: _l("Money"),
    DecisionKind.STORY_POLICY: _l("How we use stories"),
    DecisionKind.MEMBERSHIP: _l("Who belongs"),
    DecisionKind.RULE_CHANGE: _l("How we decide"),
}
DECISION_STATE_WORDS: dict[str, tuple[object, str]] = {
    DecisionState.DRAFT: (_l("Draft"), "plain"),
    DecisionState.OPEN: (_l("Open for votes"), "info"),
    DecisionState.PASSED: (_l("Passed"), "good"),
    DecisionState.FAILED: (_l("Not passed"), "warn"),
    DecisionState.NO_QUORUM: (_l("Too few votes"), "warn"),
    DecisionState.WITHDRAWN: (_l("Withdrawn"), "plain"),
}
CHOICE_WORDS: dict[str, object] = {
    Choice.SUPPORT: _l("Support"),
    Choice.STAND_ASIDE: _l("Stand aside"),
    Choice.ABSTAIN: _l("Abstain"),
    Choice.BLOCK: _l("Block"),
}
CHOICE_HINTS: dict[str, object] = {
    Choice.SUPPORT: _l("We want this."),
    Choice.STAND_ASIDE: _l("It is not ours, but we are not in the way."),
    Choice.ABSTAIN: _l("We have no view on it."),
    Choice.BLOCK: _l("This would harm what we stand for. Please say why."),
}
VOICE_WORDS: dict[str, object] = {Voice.AGREE: _l("Agree"), Voice.BLOCK: _l("Block")}
NAME_WORDS: dict[str, tuple[object, str]] = {
    NameAnswer.WAITING: (_l("Waits for an answer"), "warn"),
    NameAnswer.YES: (_l("Yes"), "good"),
    NameAnswer.NO: (_l("No"), "plain"),
}


def place_words(asked: NameRequest) -> str:
    """Where the name would stand."""
    if asked.place == COALITION_PAGE:
        return str(_("Public page of %(title)s", title=asked.title))
    return str(_("Own page of the petition “%(title)s”", title=asked.title))
