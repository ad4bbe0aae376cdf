"""Reads about contacts with lawmakers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from advocacy.campaigns.models import Bill
from advocacy.coalitions import queries as coalition_queries
from advocacy.coalitions import rules as coalition_rules
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.paging import Page, take_page
from advocacy.outreach.contact_models import ContactBill, ContactMember
from advocacy.outreach.models import ContactLog
from advocacy.outreach.queries import MANAGE, PAGE_SIZE, VIEW

SHEET_SIZE = 200


@dataclass(frozen=True)
class Filters:
    """Which contacts to show; ``removed`` shows only what was taken out and can be put back."""

    kind: str = ""
    bill_id: int | None = None
    open_only: bool = False
    office: str = ""
    lawmaker: str = ""
    since: date | None = None
    until: date | None = None
    removed: bool = False


def contacts(actor: Actor, filters: Filters, before_id: int | None = None, size: int = PAGE_SIZE) -> Page[ContactLog]:
    """A page of the coalition's contacts, the last entered first.

    Raises: NotAllowed.
    """
    coalition_rules.require(actor, MANAGE if filters.removed else VIEW)
    wanted = select(ContactLog).where(ContactLog.coalition_id == actor.coalition_id, *_fit(filters))
    if before_id is not None:
        wanted = wanted.where(ContactLog.id < before_id)
    rows = db.session.execute(wanted.order_by(ContactLog.id.desc()).limit(size + 1)).scalars().all()
    return take_page(rows, size)


def contact(actor: Actor, public_id: str, verb: str = VIEW, *, lock: bool = False) -> ContactLog:
    """A contact of the coalition in view; one that was taken out is found by those who may put it back.

    Raises: NotFound, also for another coalition's; NotAllowed.
    """
    wanted = select(ContactLog).where(ContactLog.public_id == public_id, ContactLog.coalition_id == actor.coalition_id)
    found = db.session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    coalition_rules.require(actor, verb, found.coalition_id)
    if found.removed_at is not None and not coalition_rules.can(actor, MANAGE):
        raise NotFound
    return found


def of_lawmaker(actor: Actor, key: str, size: int = 10) -> Sequence[ContactLog]:
    """The latest contacts with one person in office, by day.

    Raises: NotAllowed.
    """
    coalition_rules.require(actor, VIEW)
    wanted = select(ContactLog).where(
        ContactLog.coalition_id == actor.coalition_id,
        ContactLog.legislator_key == key,
        ContactLog.removed_at.is_(None),
    )
    latest = wanted.order_by(ContactLog.happened_on.desc(), ContactLog.id.desc())
    return db.session.execute(latest.limit(size)).scalars().all()


def last_contacts(coalition_id: int, keys: Collection[str]) -> dict[str, date]:
    """The day of the last contact with each of these people, from the index."""
    wanted = (
        select(ContactLog.legislator_key, func.max(ContactLog.happened_on))
        .where(
            ContactLog.coalition_id == coalition_id,
            ContactLog.legislator_key.in_(keys),
            ContactLog.removed_at.is_(None),
        )
        .group_by(ContactLog.legislator_key)
    )
    return {key: day for key, day in db.session.execute(wanted)} if keys else {}  # noqa: C416 - pairs of a row


def follow_ups(actor: Actor, until: date) -> list[ContactLog]:
    """Contacts that somebody meant to follow up by a day."""
    wanted = select(ContactLog).where(
        ContactLog.coalition_id == actor.coalition_id,
        ContactLog.follow_up_on <= until,
        ContactLog.followed_up_at.is_(None),
        ContactLog.removed_at.is_(None),
    )
    return list(db.session.execute(wanted.order_by(ContactLog.follow_up_on).limit(10)).scalars())


def every_contact(coalition_id: int, filters: Filters) -> list[tuple[ContactLog, str]]:
    """The contacts that fit, oldest first, each with the first bill's number: for the export."""
    rows = (
        select(ContactLog, Bill.identifier)
        .outerjoin(Bill, (Bill.id == ContactLog.bill_id) & (Bill.coalition_id == ContactLog.coalition_id))
        .where(ContactLog.coalition_id == coalition_id, *_fit(filters))
        .order_by(ContactLog.id)
    )
    return [(row, identifier or "") for row, identifier in db.session.execute(rows)]


def members(contact_ids: Collection[int]) -> dict[int, list[int]]:
    """The accounts that took part, by contact, in one query."""
    found: dict[int, list[int]] = {}
    wanted = select(ContactMember.contact_id, ContactMember.user_id).where(ContactMember.contact_id.in_(contact_ids))
    for contact_id, user_id in db.session.execute(wanted.order_by(ContactMember.user_id)) if contact_ids else ():
        found.setdefault(contact_id, []).append(user_id)
    return found


def further_bills(contact_ids: Collection[int]) -> dict[int, list[Bill]]:
    """What else contacts were about, in one query."""
    found: dict[int, list[Bill]] = {}
    wanted = (
        select(ContactBill.contact_id, Bill)
        .join(Bill, (Bill.id == ContactBill.bill_id) & (Bill.coalition_id == ContactBill.coalition_id))
        .where(ContactBill.contact_id.in_(contact_ids))
        .order_by(Bill.id)
    )
    for contact_id, bill in db.session.execute(wanted) if contact_ids else ():
        found.setdefault(contact_id, []).append(bill)
    return found


def may_take_part(coalition_id: int) -> list[int]:
    """The accounts that can be named as having taken part: whoever may read contacts."""
    return coalition_queries.user_ids_with(coalition_id, VIEW)


def _fit(filters: Filters) -> list[ColumnElement[bool]]:
    """What a contact must be to be shown."""
    also = select(ContactBill.contact_id).where(
        ContactBill.bill_id == filters.bill_id, ContactBill.coalition_id == ContactLog.coalition_id
    )
    asked = (
        (filters.kind, ContactLog.kind == filters.kind),
        (filters.bill_id is not None, or_(ContactLog.bill_id == filters.bill_id, ContactLog.id.in_(also))),
        (filters.open_only, and_(ContactLog.follow_up_on.is_not(None), ContactLog.followed_up_at.is_(None))),
        (filters.office, ContactLog.office.icontains(filters.office, autoescape=True)),
        (filters.lawmaker, ContactLog.legislator_key == filters.lawmaker),
        (filters.since, ContactLog.happened_on >= (filters.since or date.min)),
        (filters.until, ContactLog.happened_on <= (filters.until or date.max)),
    )
    gone = ContactLog.removed_at.is_not(None) if filters.removed else ContactLog.removed_at.is_(None)
    return [gone, *(condition for is_asked, condition in asked if is_asked)]
