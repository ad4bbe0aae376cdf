"""Reads about where people in office stand, and what they promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from advocacy.campaigns.models import Bill
from advocacy.coalitions import rules as coalition_rules
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.paging import Page, take_page
from advocacy.outreach.position_models import Commitment, LawmakerPosition, PromiseState

VIEW, MANAGE = "whip.view", "whip.manage"
PAGE_SIZE = 30
HISTORY = 50


def bill(actor: Actor, public_id: str, verb: str = VIEW) -> Bill:
    """A bill of the coalition in view.

    Raises: NotFound, also for another coalition's; NotAllowed.
    """
    wanted = select(Bill).where(Bill.coalition_id == actor.coalition_id, Bill.public_id == public_id)
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    coalition_rules.require(actor, verb, found.coalition_id)
    return found


def stands_on(found: Bill) -> dict[str, LawmakerPosition]:
    """Where everybody stands on a bill now, by lasting key."""
    here = (LawmakerPosition.coalition_id == found.coalition_id, LawmakerPosition.bill_id == found.id)
    return {row.legislator_key: row for row in _newest(here, by=LawmakerPosition.legislator_key)}


def stands_of(coalition_id: int, key: str) -> dict[int, LawmakerPosition]:
    """Where somebody stands now, by bill."""
    here = (LawmakerPosition.coalition_id == coalition_id, LawmakerPosition.legislator_key == key)
    return {row.bill_id: row for row in _newest(here, by=LawmakerPosition.bill_id)}


def history(coalition_id: int, key: str, size: int = HISTORY) -> Sequence[tuple[LawmakerPosition, Bill]]:
    """All that was noted of where somebody stands, the newest evidence first, with what was replaced."""
    wanted = (
        select(LawmakerPosition, Bill)
        .join(Bill, (Bill.id == LawmakerPosition.bill_id) & (Bill.coalition_id == LawmakerPosition.coalition_id))
        .where(LawmakerPosition.coalition_id == coalition_id, LawmakerPosition.legislator_key == key)
        .order_by(LawmakerPosition.seen_on.desc(), LawmakerPosition.id.desc())
        .limit(size)
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted)]


def position(coalition_id: int, key: str, row_id: int) -> LawmakerPosition | None:
    """One entry of somebody's history."""
    wanted = select(LawmakerPosition).where(
        LawmakerPosition.coalition_id == coalition_id,
        LawmakerPosition.legislator_key == key,
        LawmakerPosition.id == row_id,
    )
    return db.session.execute(wanted).scalar_one_or_none()


def commitments(
    actor: Actor, *, state: str = PromiseState.OPEN, bill_id: int | None = None, after: int | None = None
) -> Page[Commitment]:
    """A page of what was promised, the last entered first.

    Raises: NotAllowed.
    """
    coalition_rules.require(actor, VIEW)
    wanted = select(Commitment).where(Commitment.coalition_id == actor.coalition_id)
    if state:
        wanted = wanted.where(Commitment.state == state)
    if bill_id is not None:
        wanted = wanted.where(Commitment.bill_id == bill_id)
    if after is not None:
        wanted = wanted.where(Commitment.id < after)
    rows = db.session.execute(wanted.order_by(Commitment.id.desc()).limit(PAGE_SIZE + 1)).scalars().all()
    return take_page(rows, PAGE_SIZE)


def commitments_of(coalition_id: int, key: str, size: int = HISTORY) -> Sequence[Commitment]:
    """What somebody promised, the last entered first."""
    wanted = select(Commitment).where(Commitment.coalition_id == coalition_id, Commitment.legislator_key == key)
    return db.session.execute(wanted.order_by(Commitment.id.desc()).limit(size)).scalars().all()


def commitment(actor: Actor, public_id: str, verb: str = VIEW, *, lock: bool = False) -> Commitment:
    """One promise.

    Raises: NotFound, also for another coalition's; NotAllowed.
    """
    wanted = select(Commitment).where(Commitment.public_id == public_id, Commitment.coalition_id == actor.coalition_id)
    found = db.session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    coalition_rules.require(actor, verb, found.coalition_id)
    return found


def due(actor: Actor, until: date) -> Sequence[Commitment]:
    """Open promises that are due by a day, overdue ones too."""
    wanted = select(Commitment).where(
        Commitment.coalition_id == actor.coalition_id,
        Commitment.state == PromiseState.OPEN,
        Commitment.due_on <= until,
    )
    return db.session.execute(wanted.order_by(Commitment.due_on, Commitment.id).limit(10)).scalars().all()


def _newest(here: tuple[ColumnElement[bool], ...], by: InstrumentedAttribute[Any]) -> Sequence[LawmakerPosition]:
    """Of each group the entry with the newest evidence that nothing replaces."""
    replaced = select(LawmakerPosition.replaces_id).where(*here, LawmakerPosition.replaces_id.is_not(None))
    newest_first = (LawmakerPosition.seen_on.desc(), LawmakerPosition.id.desc())
    ranked = (
        select(
            LawmakerPosition.id,
            func.row_number().over(partition_by=by, order_by=newest_first).label("place"),
        )
        .where(*here, LawmakerPosition.id.not_in(replaced))
        .subquery()
    )
    wanted = select(LawmakerPosition).join(ranked, ranked.c.id == LawmakerPosition.id).where(ranked.c.place == 1)
    return db.session.execute(wanted).scalars().all()
