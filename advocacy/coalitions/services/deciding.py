"""Decisions: written, opened with the rule frozen, withdrawn, and counted once when their time is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.audit import services as audit
from advocacy.coalitions import committee_queries as committees
from advocacy.coalitions import decision_queries as decisions
from advocacy.coalitions import decision_rules, queries, rules, signals
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions.decision_models import Choice, Decision, DecisionKind, DecisionState
from advocacy.coalitions.models import DecisionRule
from advocacy.coalitions.services import telling
from advocacy.core import clock, logs
from advocacy.core.actor import Actor, system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.core.text import clean_line
from advocacy.reminders.services import deadlines as reminders

log = logs.get("coalitions")
KIND = "decision"
DEADLINE = "decision_close"
VERB = "decisions.manage"
OPENED_MAIL = "coalitions.decision_opened"
ENDED_MAIL = "coalitions.decision_ended"
TITLE_LENGTH = 150
TEXT_LENGTH = 10_000


def draft_decision(
    actor: Actor, coalition_id: int, *, kind: str, title: str, text: str, closes_at: datetime
) -> Decision:
    """Write a draft.

    Raises: NotAllowed, RuleBroken naming the field.
    """
    rules.require(actor, VERB, coalition_id)
    made = Decision(
        coalition_id=coalition_id,
        public_id=new_public_id(),
        state=DecisionState.DRAFT,
        tz=queries.coalition(coalition_id).tz,
        created_by=actor.user_id,
        created_at=clock.now(),
    )
    _fill(made, kind=kind, title=title, text=text, closes_at=closes_at)
    db.session.add(made)
    db.session.flush()
    _record(actor, "decision.drafted", made)
    return made


def edit_decision(
    actor: Actor, public_id: str, *, version: int, kind: str, title: str, text: str, closes_at: datetime
) -> Decision:
    """Change a draft; what is voted on does not change (domain I-037).

    Raises: NotFound, NotAllowed, RuleBroken; Conflict when it is open or somebody changed it since ``version``.
    """
    found = decisions.decision(actor, public_id, VERB)
    if found.state != DecisionState.DRAFT:
        raise Conflict(_("Voting has opened, so the words stay as they are. Withdraw it and write a new one."))
    if found.version != version:
        raise Conflict(_("Somebody changed this meanwhile. Please look at it again and repeat your change."))
    _fill(found, kind=kind, title=title, text=text, closes_at=closes_at)
    db.session.flush()
    _record(actor, "decision.edited", found)
    return found


def open_decision(actor: Actor, public_id: str) -> Decision:
    """Open the vote: the coalition's rule of this moment is the rule of this decision.

    Announces: ``decision_opened``. Raises: NotFound, NotAllowed, Conflict, RuleBroken.
    """
    found = decisions.decision(actor, public_id, VERB)
    _require_step(found, DecisionState.OPEN)
    now = clock.now()
    if found.closes_at <= now:
        raise RuleBroken(_("Choose a closing time that is still to come."), field="closes_on")
    found.rule_snapshot = frozen_rule(found.coalition_id)
    found.state, found.opens_at = DecisionState.OPEN, now
    db.session.flush()
    reminders.set_deadline(
        kind=DEADLINE,
        coalition_id=found.coalition_id,
        object_kind=KIND,
        object_id=found.id,
        due_at=found.closes_at,
        tz=found.tz,
    )
    _write_to_people(found, OPENED_MAIL)
    signals.decision_opened.send(decision_id=found.id, coalition_id=found.coalition_id, kind=found.kind)
    rule, voters = found.rule_snapshot["rule"], len(found.rule_snapshot["voters"])
    _record(actor, "decision.opened", found, rule=rule, voters=voters)
    return found


def withdraw_decision(actor: Actor, public_id: str) -> Decision:
    """Take a decision back before it ends.

    Raises: NotFound, NotAllowed, Conflict.
    """
    found = _locked(decisions.decision(actor, public_id, VERB).id)
    _require_step(found, DecisionState.WITHDRAWN)
    found.state, found.ended_at = DecisionState.WITHDRAWN, clock.now()
    db.session.flush()
    reminders.drop_deadline(DEADLINE, KIND, found.id)
    _record(actor, "decision.withdrawn", found)
    return found


def close_when_due(decision_id: int) -> None:
    """Count once, when the time is over; of several at once exactly one counts.

    Announces: ``decision_passed``.
    """
    found = _locked(decision_id)
    now = clock.now()
    if found.state != DecisionState.OPEN or found.closes_at > now or found.rule_snapshot is None:
        return
    state, result = outcome_of(found)
    found.state, found.ended_at, found.result = state, now, result
    db.session.flush()
    actor = system_actor(coalition_id=found.coalition_id)
    _record(actor, f"decision.{state}", found, **result)
    _write_to_people(found, ENDED_MAIL)
    if state == DecisionState.PASSED:
        signals.decision_passed.send(decision_id=found.id, coalition_id=found.coalition_id, kind=found.kind)
    log.info("decision_counted", decision_id=found.id, state=str(state))


def follow_clocks(decision_id: int, closes_at: datetime) -> None:
    """End at the wall time that was meant, after the coalition's place changed its clocks."""
    found = _locked(decision_id)
    if found.state == DecisionState.OPEN:
        found.closes_at = closes_at


def outcome_of(found: Decision) -> tuple[DecisionState, dict[str, int]]:
    """What the votes that stand come to by the frozen rule, and the numbers behind it.

    Needs: a decision that was opened.
    """
    snapshot = found.rule_snapshot or {}
    count = decisions.count_votes(found)
    said = decisions.standing_vote(found.id, snapshot["lead"]) if snapshot["lead"] is not None else None
    state = decision_rules.outcome(
        snapshot["rule"], snapshot["quorum_pct"], count, Choice(said.choice) if said is not None else None
    )
    result = {
        "voters": count.voters,
        "support": count.support,
        "stand_aside": count.stand_aside,
        "abstain": count.abstain,
        "block": count.block,
        "turnout_pct": count.turnout_pct,
    }
    if found.kind == DecisionKind.STORY_POLICY:
        seats = committees.lived_experience_seats(found.coalition_id)
        blocking = decisions.blocking_seats(found.id, seats)
        result |= {"seats": len(seats), "seats_block": blocking}
        if state == DecisionState.PASSED and not decision_rules.seats_agree(len(seats), blocking):
            state = DecisionState.FAILED
    return state, result


def frozen_rule(coalition_id: int) -> dict[str, Any]:
    """The coalition's rule of this moment, and who has a vote under it.

    Raises: RuleBroken when nobody has one, or nobody leads where the lead decides.
    """
    coalition = queries.coalition(coalition_id)
    voters = organizations.voters(coalition_id)
    lead = next((one.id for one in voters if one.is_lead), None)
    if not voters:
        raise RuleBroken(_("No organization has a vote yet. Members and steering members that are active do."))
    if coalition.decision_rule == DecisionRule.LEAD_DECIDES and lead is None:
        raise RuleBroken(_("By your rule the lead decides. Say first which organization leads."))
    return {
        "rule": coalition.decision_rule,
        "quorum_pct": coalition.quorum_pct,
        "voters": [one.id for one in voters],
        "lead": lead,
    }


def _locked(decision_id: int) -> Decision:
    wanted = select(Decision).where(Decision.id == decision_id).with_for_update()
    found = db.session.execute(wanted.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _fill(row: Decision, *, kind: str, title: str, text: str, closes_at: datetime) -> None:
    title = clean_line(title)
    if kind not in set(DecisionKind):
        raise RuleBroken(_("Choose one of the answers."), field="kind")
    if not title or len(title) > TITLE_LENGTH:
        raise RuleBroken(_("Give a title of at most %(num)s characters.", num=TITLE_LENGTH), field="title")
    if not text.strip() or len(text) > TEXT_LENGTH:
        raise RuleBroken(_("Say what is to be decided, in at most %(num)s characters.", num=TEXT_LENGTH), field="text")
    if closes_at <= clock.now():
        raise RuleBroken(_("Choose a closing time that is still to come."), field="closes_on")
    row.kind, row.title, row.text, row.closes_at = kind, title, text.strip(), closes_at


def _require_step(found: Decision, state: DecisionState) -> None:
    if not decision_rules.is_step(found.state, state):
        raise Conflict(_("This decision has moved on, so this step is no longer open. Please look at it again."))


def _write_to_people(found: Decision, kind: str) -> None:
    telling.tell(
        decisions.people_of(found),
        kind,
        coalition_id=found.coalition_id,
        object_kind=KIND,
        object_id=found.id,
        key=f"{kind}:{found.id}",
    )


def _record(actor: Actor, action: str, found: Decision, **facts: int | str) -> None:
    audit.record(actor, action, KIND, found.id, coalition_id=found.coalition_id, facts={"kind": found.kind, **facts})
