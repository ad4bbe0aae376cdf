"""Reads about positions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from advocacy.campaigns.models import Bill, Position, PositionProposal
from advocacy.coalitions import rules as roles
from advocacy.coalitions.decision_models import Decision, DecisionKind, DecisionState
from advocacy.core.actor import Actor
from advocacy.core.db import db

CHOICE = 50


def live_position(coalition_id: int, bill_id: int, *, lock: bool = False) -> Position | None:
    """Where a coalition stands on a bill now."""
    wanted = select(Position).where(
        Position.coalition_id == coalition_id, Position.bill_id == bill_id, Position.valid_to.is_(None)
    )
    return db.session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()


def live_positions(bill_ids: Collection[int]) -> Mapping[int, Position]:
    """Where their coalitions stand on several bills, by bill."""
    if not bill_ids:
        return {}
    wanted = select(Position).where(Position.bill_id.in_(sorted(bill_ids)), Position.valid_to.is_(None))
    return {found.bill_id: found for found in db.session.execute(wanted).scalars()}


def positions(found: Bill) -> Sequence[Position]:
    """Every position a coalition took on a bill, the oldest first."""
    wanted = select(Position).where(Position.bill_id == found.id).order_by(Position.valid_from, Position.id)
    return db.session.execute(wanted).scalars().all()


def decisions_of(rows: Collection[Position | PositionProposal]) -> Mapping[int, Decision]:
    """The decisions behind positions and proposals, by id."""
    ids = sorted({row.decision_id for row in rows if row.decision_id is not None})
    if not ids:
        return {}
    return {found.id: found for found in db.session.execute(select(Decision).where(Decision.id.in_(ids))).scalars()}


def passed_decisions(actor: Actor) -> Sequence[Decision]:
    """Decisions on positions of the coalition in view that passed, the newest first.

    Raises: NotAllowed.
    """
    roles.require(actor, "decisions.view", actor.coalition_id)
    wanted = select(Decision).where(
        Decision.coalition_id == actor.coalition_id,
        Decision.kind == DecisionKind.POSITION,
        Decision.state == DecisionState.PASSED,
    )
    return db.session.execute(wanted.order_by(Decision.id.desc()).limit(CHOICE)).scalars().all()


def proposal(decision_id: int) -> PositionProposal | None:
    """What a decision is about, if it is about a bill."""
    return db.session.get(PositionProposal, decision_id)


def proposals(found: Bill) -> Sequence[PositionProposal]:
    """What was put to the vote about a bill, the newest first."""
    wanted = select(PositionProposal).where(PositionProposal.bill_id == found.id)
    return db.session.execute(wanted.order_by(PositionProposal.decision_id.desc())).scalars().all()
