"""Positions on bills: put to the vote, taken when the vote passed, ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.audit import services as audit
from advocacy.campaigns.models import Bill, BillVersion, Position, PositionProposal, Stance
from advocacy.campaigns.queries import bills, positions
from advocacy.campaigns.queries import campaigns as queries
from advocacy.coalitions.decision_models import Decision, DecisionKind, DecisionState
from advocacy.coalitions.services import deciding
from advocacy.core import clock
from advocacy.core.actor import Actor, system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound, RuleBroken

TITLE_LENGTH = 150


def ask_coalition(
    actor: Actor,
    bill_id: str,
    *,
    stance: str,
    title: str,
    text: str,
    closes_at: datetime,
    version_id: int | None = None,
) -> Decision:
    """Draft the decision that is to carry a position; the position begins the instant it passes.

    Raises: NotAllowed, NotFound, RuleBroken naming the field.
    """
    found = bills.bill(actor, bill_id, queries.MANAGE)
    if stance not in set(Stance) or stance == Stance.WATCH:
        raise RuleBroken(_("Choose what the coalition is to say."), field="stance")
    decision = deciding.draft_decision(
        actor,
        found.coalition_id,
        kind=DecisionKind.POSITION,
        title=title[:TITLE_LENGTH],
        text=text,
        closes_at=closes_at,
    )
    db.session.add(
        PositionProposal(
            decision_id=decision.id,
            coalition_id=found.coalition_id,
            bill_id=found.id,
            bill_version_id=_known_version(found, version_id),
            stance=stance,
        )
    )
    db.session.flush()
    _record(actor, "position.proposed", found, stance=stance, decision_id=decision.id)
    return decision


def take_position(
    actor: Actor,
    bill_id: str,
    *,
    stance: str,
    decision: str = "",
    version_id: int | None = None,
    reason: str = "",
    replaces: int | None = None,
) -> Position:
    """Say where the coalition stands; ``replaces`` is the id of the live position that ends with it.

    Raises: NotAllowed, NotFound, Conflict when the coalition has another live position (domain I-052),
    RuleBroken naming the field, also without a passed decision (domain I-053).
    """
    found = bills.bill(actor, bill_id, queries.MANAGE, lock=True)
    if stance not in set(Stance):
        raise RuleBroken(_("Choose what the coalition says."), field="stance")
    carried = None if stance == Stance.WATCH else _passed(found, stance, decision)
    live = positions.live_position(found.coalition_id, found.id, lock=True)
    if live is not None and live.id != replaces:
        raise Conflict(
            _("Your coalition has a position on this bill. It ends when you choose to replace it."), field="stance"
        )
    made = Position(
        stance=stance,
        decision_id=None if carried is None else carried.id,
        bill_version_id=_known_version(found, version_id),
        reason=reason,
    )
    return _begin(actor, found, live, made)


def end_position(actor: Actor, bill_id: str, *, position_id: int) -> Position:
    """End the live position; the bill then has none.

    Raises: NotAllowed, NotFound, Conflict when another one is live.
    """
    found = bills.bill(actor, bill_id, queries.MANAGE, lock=True)
    live = positions.live_position(found.coalition_id, found.id, lock=True)
    if live is None or live.id != position_id:
        raise Conflict(_("Somebody changed the position meanwhile. Please look again."))
    live.valid_to = max(clock.now(), live.valid_from)
    db.session.flush()
    _record(actor, "position.ended", found, stance=live.stance)
    return live


def follow_decision(decision_id: int) -> Position | None:
    """Begin the position that a decision carries, which passed in this transaction; an older one ends with it."""
    proposal, decision = positions.proposal(decision_id), db.session.get(Decision, decision_id)
    if proposal is None or decision is None or decision.state != DecisionState.PASSED:
        return None
    wanted = select(Bill).where(Bill.id == proposal.bill_id).with_for_update()
    bill = db.session.execute(wanted).scalar_one()
    live = positions.live_position(bill.coalition_id, bill.id, lock=True)
    actor = system_actor(coalition_id=bill.coalition_id)
    made = Position(
        stance=proposal.stance,
        decision_id=decision.id,
        bill_version_id=proposal.bill_version_id,
        reason=proposal.reason,
    )
    return _begin(actor, bill, live, made)


def _begin(actor: Actor, bill: Bill, live: Position | None, made: Position) -> Position:
    now = clock.now()
    if live is not None:
        now = max(now, live.valid_from)
        live.valid_to = now
        db.session.flush()
        _record(actor, "position.ended", bill, stance=live.stance)
    made.coalition_id, made.bill_id, made.valid_from = bill.coalition_id, bill.id, now
    db.session.add(made)
    db.session.flush()
    _record(actor, "position.taken", bill, stance=made.stance, decision_id=made.decision_id)
    return made


def _passed(bill: Bill, stance: str, public_id: str) -> Decision:
    wanted = select(Decision).where(
        Decision.coalition_id == bill.coalition_id,
        Decision.public_id == public_id,
        Decision.kind == DecisionKind.POSITION,
        Decision.state == DecisionState.PASSED,
    )
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise RuleBroken(_("Choose the decision that carries this position. It must have passed."), field="decision")
    proposal = positions.proposal(found.id)
    if proposal is not None and (proposal.bill_id, proposal.stance) != (bill.id, stance):
        raise RuleBroken(_("That decision was about something else."), field="decision")
    return found


def _known_version(bill: Bill, version_id: int | None) -> int | None:
    if version_id is None:
        return None
    found = db.session.get(BillVersion, version_id)
    if found is None or found.bill_id != bill.id:
        raise NotFound
    return found.id


def _record(actor: Actor, what: str, bill: Bill, **facts: Any) -> None:  # noqa: ANN401 - ids and states
    audit.record(actor, what, "bill", bill.id, coalition_id=bill.coalition_id, facts=facts)
