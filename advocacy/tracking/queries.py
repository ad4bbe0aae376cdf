"""Reads about what is tracked and what changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import case, func, select

from advocacy.campaigns.models import Bill
from advocacy.campaigns.queries.campaigns import MANAGE, VIEW
from advocacy.coalitions import rules as roles
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.paging import Page, take_page
from advocacy.hearings.models import Hearing, HearingBill
from advocacy.hearings.rules import LIVE
from advocacy.tracking.models import Change, ChangeKind, ChangeState, Poll, Watch

PAGE = 30
MANY = 500


def watch(bill_id: int) -> Watch | None:
    """How a bill is tracked, if it is."""
    return db.session.get(Watch, bill_id)


def watches(source: str, jurisdiction: str) -> Sequence[Watch]:
    """Every bill that is tracked there, of all coalitions."""
    wanted = select(Watch).where(Watch.source == source, Watch.jurisdiction == jurisdiction)
    return db.session.execute(wanted.order_by(Watch.bill_id)).scalars().all()


def places() -> list[tuple[str, str]]:
    """Every source and state in which a bill is tracked."""
    rows = db.session.execute(select(Watch.source, Watch.jurisdiction).distinct())
    return sorted((source, code) for source, code in rows)


def polls_of(source: str, jurisdiction: str) -> Sequence[Poll]:
    """How far the lists of a state were read."""
    wanted = select(Poll).where(Poll.source == source, Poll.jurisdiction == jurisdiction)
    return db.session.execute(wanted.order_by(Poll.what)).scalars().all()


def hearings_checked(source: str, jurisdiction: str, after: datetime) -> dict[str, datetime]:
    """Hearings to come of bills that are tracked there, by their keys at the source, and when each was last looked at.

    The one that was not looked at for longest is the first.
    """
    wanted = (
        select(Hearing.upstream_key, func.min(Hearing.checked_at))
        .join(HearingBill, HearingBill.hearing_id == Hearing.id)
        .join(Watch, Watch.bill_id == HearingBill.bill_id)
        .where(
            Watch.source == source,
            Watch.jurisdiction == jurisdiction,
            Hearing.upstream_key.is_not(None),
            Hearing.held_on >= after.date(),
            Hearing.state.in_(sorted(LIVE)),
        )
    )
    oldest = wanted.group_by(Hearing.upstream_key).order_by(func.min(Hearing.checked_at), Hearing.upstream_key)
    return {str(key): at for key, at in db.session.execute(oldest.limit(MANY))}


def open_changes(actor: Actor, after: int | None = None, size: int = PAGE) -> Page[Change]:
    """What waits for somebody of the coalition in view, the last found first.

    Raises: NotAllowed.
    """
    roles.require(actor, VIEW, actor.coalition_id)
    wanted = select(Change).where(Change.coalition_id == actor.coalition_id, Change.state == ChangeState.OPEN)
    if after is not None:
        wanted = wanted.where(Change.id < after)
    return take_page(db.session.execute(wanted.order_by(Change.id.desc()).limit(size + 1)).scalars().all(), size)


def urgent_changes(actor: Actor, size: int) -> Page[Change]:
    """The same, hearings that were moved or cancelled before all else.

    Raises: NotAllowed.
    """
    roles.require(actor, VIEW, actor.coalition_id)
    wanted = select(Change).where(Change.coalition_id == actor.coalition_id, Change.state == ChangeState.OPEN)
    turn = case((Change.kind.in_([ChangeKind.HEARING_MOVED, ChangeKind.HEARING_CANCELLED]), 0), else_=1)
    return take_page(db.session.execute(wanted.order_by(turn, Change.id.desc()).limit(size + 1)).scalars().all(), size)


def changes_of(bill: Bill) -> Sequence[Change]:
    """What waits about one bill, the first found first."""
    wanted = select(Change).where(Change.bill_id == bill.id, Change.state == ChangeState.OPEN)
    return db.session.execute(wanted.order_by(Change.id).limit(MANY)).scalars().all()


def change(actor: Actor, public_id: str) -> Change:
    """A change of the coalition in view, locked for who decides.

    Raises: NotFound; NotAllowed.
    """
    wanted = select(Change).where(Change.coalition_id == actor.coalition_id, Change.public_id == public_id)
    found = db.session.execute(wanted.with_for_update()).scalar_one_or_none()
    if found is None:
        raise NotFound
    roles.require(actor, MANAGE, found.coalition_id)
    return found


def bills_by_id(coalition_id: int, ids: Collection[int]) -> dict[int, Bill]:
    """Bills of a coalition."""
    if not ids:
        return {}
    wanted = select(Bill).where(Bill.coalition_id == coalition_id, Bill.id.in_(sorted(ids)))
    return {found.id: found for found in db.session.execute(wanted).scalars()}
