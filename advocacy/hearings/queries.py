"""Reads about hearings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, time

from sqlalchemy import select

from advocacy.campaigns.models import Bill
from advocacy.coalitions import rules as roles
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.hearings.models import Hearing, HearingBill, HearingRev, HearingState

VIEW, MANAGE = "hearings.view", "hearings.manage"
SHOWN = 100


def ahead(actor: Actor, today: date) -> Sequence[Hearing]:
    """Hearings of the coalition in view from a day on, the next one first.

    Raises: NotAllowed.
    """
    roles.require(actor, VIEW, actor.coalition_id)
    wanted = select(Hearing).where(Hearing.coalition_id == actor.coalition_id, Hearing.held_on >= today)
    return (
        db.session.execute(wanted.order_by(Hearing.held_on, Hearing.starts_at, Hearing.id).limit(SHOWN)).scalars().all()
    )


def past(actor: Actor, today: date) -> Sequence[Hearing]:
    """Hearings before a day, the last one first; at most a page.

    Raises: NotAllowed.
    """
    roles.require(actor, VIEW, actor.coalition_id)
    wanted = select(Hearing).where(Hearing.coalition_id == actor.coalition_id, Hearing.held_on < today)
    return db.session.execute(wanted.order_by(Hearing.held_on.desc(), Hearing.id.desc()).limit(SHOWN)).scalars().all()


def hearing(actor: Actor, public_id: str, verb: str = VIEW, *, lock: bool = False) -> Hearing:
    """A hearing of the coalition in view.

    Raises: NotFound, also for another coalition's; NotAllowed.
    """
    wanted = select(Hearing).where(Hearing.coalition_id == actor.coalition_id, Hearing.public_id == public_id)
    found = db.session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    roles.require(actor, verb, found.coalition_id)
    return found


def by_upstream_keys(coalition_id: int, keys: Collection[str]) -> dict[str, Hearing]:
    """A coalition's hearings by their names at the source."""
    if not keys:
        return {}
    wanted = select(Hearing).where(Hearing.coalition_id == coalition_id, Hearing.upstream_key.in_(sorted(keys)))
    return {str(found.upstream_key): found for found in db.session.execute(wanted).scalars()}


def twin(coalition_id: int, committee: str, on: date, at: time | None, tz: str) -> Hearing | None:
    """The hearing that a committee holds at that time already, if both are known (domain I-066)."""
    if at is None or not committee:
        return None
    wanted = select(Hearing).where(
        Hearing.coalition_id == coalition_id,
        Hearing.committee == committee,
        Hearing.held_on == on,
        Hearing.local_time == at,
        Hearing.tz == tz,
        Hearing.state.not_in([HearingState.CANCELLED, HearingState.POSTPONED]),
    )
    return db.session.execute(wanted).scalars().first()


def revisions(found: Hearing) -> Sequence[HearingRev]:
    """When and where a hearing was to be, the oldest first."""
    wanted = select(HearingRev).where(HearingRev.hearing_id == found.id).order_by(HearingRev.rev)
    return db.session.execute(wanted).scalars().all()


def bills_of(found: Hearing) -> Sequence[Bill]:
    """The bills that are heard."""
    wanted = select(Bill).join(HearingBill, HearingBill.bill_id == Bill.id).where(HearingBill.hearing_id == found.id)
    return db.session.execute(wanted.order_by(Bill.id)).scalars().all()


def hearings_about(bill_id: int) -> Sequence[Hearing]:
    """The hearings about a bill, the oldest first."""
    wanted = select(Hearing).join(HearingBill, HearingBill.hearing_id == Hearing.id)
    wanted = wanted.where(HearingBill.bill_id == bill_id).order_by(Hearing.held_on, Hearing.id)
    return db.session.execute(wanted).scalars().all()


def revisions_about(bill_id: int) -> dict[int, list[HearingRev]]:
    """Every state of the hearings about a bill, by hearing, the oldest first."""
    wanted = select(HearingRev).join(HearingBill, HearingBill.hearing_id == HearingRev.hearing_id)
    wanted = wanted.where(HearingBill.bill_id == bill_id).order_by(HearingRev.hearing_id, HearingRev.rev)
    found: dict[int, list[HearingRev]] = {}
    for rev in db.session.execute(wanted).scalars():
        found.setdefault(rev.hearing_id, []).append(rev)
    return found


def bill_ids(hearing_ids: Collection[int]) -> dict[int, set[int]]:
    """The ids of bills by hearing."""
    found: dict[int, set[int]] = {hearing_id: set() for hearing_id in hearing_ids}
    if found:
        rows = select(HearingBill.hearing_id, HearingBill.bill_id).where(HearingBill.hearing_id.in_(sorted(found)))
        for hearing_id, bill_id in db.session.execute(rows):
            found[hearing_id].add(bill_id)
    return found
