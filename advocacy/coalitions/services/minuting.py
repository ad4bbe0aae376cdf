"""Write down a decision that was made elsewhere: at a meeting, or before the coalition came here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from advocacy.audit import services as audit
from advocacy.coalitions import queries, rules
from advocacy.coalitions.decision_models import Choice, Decision, DecisionKind, DecisionState, Vote
from advocacy.coalitions.services import deciding
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.core.ids import new_public_id


@dataclass(frozen=True)
class Minutes:
    """What was decided when; ``votes`` are what organizations said, by the id of their membership."""

    title: str
    text: str
    opened_at: datetime
    closed_at: datetime
    votes: Mapping[int, str]
    kind: str = DecisionKind.POSITION


def record_decision(actor: Actor, coalition_id: int, minutes: Minutes, *, written_by: int) -> Decision:
    """Keep it with its votes, counted by the coalition's rule of today; nobody is written to, nothing is announced.

    ``written_by`` is the account that wrote the minutes.

    Raises: NotAllowed, RuleBroken for a vote of an organization that has none, or for times that do not fit.
    """
    rules.require(actor, deciding.VERB, coalition_id)
    if not minutes.opened_at < minutes.closed_at <= clock.now():
        raise RuleBroken(_("What is written down has ended, after it began."))
    snapshot = deciding.frozen_rule(coalition_id)
    if not set(minutes.votes) <= set(snapshot["voters"]) or not set(minutes.votes.values()) <= set(Choice):
        raise RuleBroken(_("Only organizations with a vote are counted."))
    made = Decision(
        coalition_id=coalition_id,
        public_id=new_public_id(),
        kind=minutes.kind,
        title=minutes.title,
        text=minutes.text,
        state=DecisionState.OPEN,
        rule_snapshot=snapshot,
        opens_at=minutes.opened_at,
        closes_at=minutes.closed_at,
        tz=queries.coalition(coalition_id).tz,
        created_by=written_by,
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    db.session.add_all(
        Vote(
            coalition_id=coalition_id,
            decision_id=made.id,
            membership_id=membership_id,
            choice=choice,
            reason="",
            cast_by=written_by,
            cast_at=minutes.opened_at,
        )
        for membership_id, choice in minutes.votes.items()
    )
    db.session.flush()
    state, result = deciding.outcome_of(made)
    made.state, made.ended_at, made.result = state, minutes.closed_at, result
    db.session.flush()
    facts = {"kind": made.kind, "state": str(state), **result}
    audit.record(actor, "decision.recorded", deciding.KIND, made.id, coalition_id=coalition_id, facts=facts)
    return made
