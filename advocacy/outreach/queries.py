"""Reads about ledgers, each for the organization that the actor acts for and no other; bills and letters to choose."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from advocacy.campaigns.models import Bill
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import rules as coalition_rules
from advocacy.coalitions.organization_models import Membership
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.paging import Page, take_page
from advocacy.outreach import rules
from advocacy.outreach.models import (
    LobbyingEntry,
    LobbyingPeriod,
    LobbyingPrompt,
    LobbyingYear,
    PromptState,
)
from advocacy.signons.models import SignOnLetter

PAGE_SIZE = 30
VIEW, MANAGE, KEEP = "outreach.view", "outreach.manage", "lobbying.keep"


@dataclass(frozen=True)
class Standing:
    """A year of one organization's ledger against its limits."""

    year: int
    sums: rules.Sums
    limits: rules.Limits | None
    spending_minor: int | None


# --- bills and letters ------------------------------------------------------------------------------------------------


def bill_choices(coalition_id: int | None) -> list[Bill]:
    """The bills that a coalition follows, newest first."""
    wanted = select(Bill).where(Bill.coalition_id == coalition_id).order_by(Bill.id.desc()).limit(200)
    return list(db.session.execute(wanted).scalars())


def bills(ids: Collection[int | None]) -> dict[int, Bill]:
    """Bills by id, in one query."""
    wanted = {bill_id for bill_id in ids if bill_id is not None}
    rows = db.session.execute(select(Bill).where(Bill.id.in_(wanted))).scalars() if wanted else ()
    return {bill.id: bill for bill in rows}


def letters(ids: Collection[int | None]) -> dict[int, SignOnLetter]:
    """Sign-on letters by id, in one query."""
    wanted = {letter_id for letter_id in ids if letter_id is not None}
    rows = db.session.execute(select(SignOnLetter).where(SignOnLetter.id.in_(wanted))).scalars() if wanted else ()
    return {letter.id: letter for letter in rows}


# --- the ledger of one's own organization -----------------------------------------------------------------------------


def own_organization(actor: Actor) -> Membership:
    """The organization whose ledger this person keeps.

    Raises: NotAllowed, NotFound for somebody who acts for no organization here.
    """
    coalition_rules.require(actor, KEEP)
    found = organizations.acting_for(actor)
    if found is None:
        raise NotFound
    return found


def periods(membership: Membership) -> list[LobbyingPeriod]:
    """The quarters of a ledger, newest first."""
    wanted = select(LobbyingPeriod).where(LobbyingPeriod.membership_id == membership.id)
    return list(
        db.session.execute(wanted.order_by(LobbyingPeriod.year.desc(), LobbyingPeriod.quarter.desc())).scalars()
    )


def period(membership: Membership, public_id: str, *, lock: bool = False) -> LobbyingPeriod:
    """A quarter of this organization's ledger.

    Raises: NotFound, also for another organization's.
    """
    wanted = select(LobbyingPeriod).where(
        LobbyingPeriod.public_id == public_id, LobbyingPeriod.membership_id == membership.id
    )
    found = db.session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def entries(membership: Membership, year: int, before_id: int | None = None) -> Page[LobbyingEntry]:
    """A page of a year's entries, the last entered first."""
    wanted = _of_year(membership, year)
    if before_id is not None:
        wanted = wanted.where(LobbyingEntry.id < before_id)
    rows = db.session.execute(wanted.order_by(LobbyingEntry.id.desc()).limit(PAGE_SIZE + 1)).scalars().all()
    return take_page(rows, PAGE_SIZE)


def entry(membership: Membership, public_id: str) -> LobbyingEntry:
    """An entry of this organization's ledger.

    Raises: NotFound, also for another organization's.
    """
    found = db.session.execute(
        select(LobbyingEntry).where(LobbyingEntry.public_id == public_id, LobbyingEntry.membership_id == membership.id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def reversed_ids(ids: Collection[int]) -> set[int]:
    """Which of these entries were taken back."""
    wanted = select(LobbyingEntry.reverses_id).where(LobbyingEntry.reverses_id.in_(ids))
    return {found for found in db.session.execute(wanted).scalars() if found is not None}


def periods_by_id(membership: Membership) -> dict[int, LobbyingPeriod]:
    """The quarters of a ledger by id."""
    return {found.id: found for found in periods(membership)}


def standing(membership: Membership, year: int) -> Standing:
    """A year's sums and, for an organization that chose section 501(h), its limits."""
    is_reversal = LobbyingEntry.reverses_id.is_not(None)
    rows = db.session.execute(
        select(LobbyingEntry.kind, is_reversal, func.sum(LobbyingEntry.minutes), func.sum(LobbyingEntry.cost_minor))
        .join(LobbyingPeriod, LobbyingPeriod.id == LobbyingEntry.period_id)
        .where(LobbyingEntry.membership_id == membership.id, LobbyingPeriod.year == year)
        .group_by(LobbyingEntry.kind, is_reversal)
    )
    sums = rules.sums_of((kind, bool(back), int(minutes), int(cost)) for kind, back, minutes, cost in rows)
    given = db.session.get(LobbyingYear, (membership.id, year))
    spending = given.spending_minor if given is not None else None
    limits = rules.limits_of(spending) if spending is not None and rules.has_limits(membership) else None
    return Standing(year, sums, limits, spending)


def every_entry(membership: Membership, year: int) -> Iterator[tuple[LobbyingEntry, LobbyingPeriod, str]]:
    """A year's entries, oldest first, each with its quarter and the bill's number: for the export."""
    wanted = (
        select(LobbyingEntry, LobbyingPeriod, Bill.identifier)
        .join(LobbyingPeriod, LobbyingPeriod.id == LobbyingEntry.period_id)
        .outerjoin(Bill, Bill.id == LobbyingEntry.bill_id)
        .where(LobbyingEntry.membership_id == membership.id, LobbyingPeriod.year == year)
        .order_by(LobbyingEntry.id)
    )
    for found, quarter, identifier in db.session.execute(wanted):
        yield found, quarter, identifier or ""


def prompts(membership: Membership) -> list[tuple[LobbyingPrompt, SignOnLetter]]:
    """Letters handed over whose time and cost this organization has not entered."""
    wanted = (
        select(LobbyingPrompt, SignOnLetter)
        .join(SignOnLetter, SignOnLetter.id == LobbyingPrompt.letter_id)
        .where(LobbyingPrompt.membership_id == membership.id, LobbyingPrompt.state == PromptState.WAITING)
        .order_by(LobbyingPrompt.id)
        .limit(20)
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted)]


def prompt(membership: Membership, public_id: str) -> LobbyingPrompt:
    """One of them.

    Raises: NotFound, also for another organization's.
    """
    found = db.session.execute(
        select(LobbyingPrompt).where(
            LobbyingPrompt.public_id == public_id, LobbyingPrompt.membership_id == membership.id
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _of_year(membership: Membership, year: int) -> Select[LobbyingEntry]:
    quarters = select(LobbyingPeriod.id).where(
        LobbyingPeriod.membership_id == membership.id, LobbyingPeriod.year == year
    )
    return select(LobbyingEntry).where(
        LobbyingEntry.membership_id == membership.id, LobbyingEntry.period_id.in_(quarters)
    )
