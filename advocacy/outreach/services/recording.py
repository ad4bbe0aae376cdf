"""Enter lobbying into one's own organization's ledger; correct it, close it, take it out of the house."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import exists, select

from advocacy.audit import services as audit
from advocacy.campaigns.models import Bill
from advocacy.coalitions import queries as coalition_queries
from advocacy.coalitions.organization_models import Membership
from advocacy.core import clock, safe_csv
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.outreach import queries, rules
from advocacy.outreach.models import (
    LobbyingEntry,
    LobbyingKind,
    LobbyingPeriod,
    LobbyingPrompt,
    LobbyingYear,
    PeriodState,
    PromptState,
)
from advocacy.outreach.services import closing

KIND = "lobbying_entry"
PERIOD = "lobbying_period"
EARLIEST = 2000
COLUMNS = (
    "day",
    "quarter",
    "kind",
    "what",
    "bill",
    "minutes",
    "cost",
    "currency",
    "reason",
    "document",
    "takes_back",
)


@dataclass(frozen=True)
class Entry:
    """What somebody enters. Units: minutes; cents."""

    kind: str
    happened_on: date
    what: str
    minutes: int = 0
    cost_minor: int = 0
    currency: str = "USD"
    bill_id: int | None = None
    reason: str = ""
    document: str = ""


def enter(actor: Actor, given: Entry, *, prompt_id: str = "") -> LobbyingEntry:
    """Enter time and cost into the ledger of the actor's own organization, in the quarter of the day.

    Raises: NotAllowed, NotFound, RuleBroken naming the field, Conflict for a closed quarter (I-150).
    """
    membership = queries.own_organization(actor)
    asked = queries.prompt(membership, prompt_id) if prompt_id else None
    period = _period_for(membership, given.happened_on)
    row = LobbyingEntry(
        coalition_id=membership.coalition_id,
        membership_id=membership.id,
        period_id=period.id,
        public_id=new_public_id(),
        letter_id=asked.letter_id if asked else None,
        entered_by=actor.user_id,
        entered_at=clock.now(),
    )
    _fill(row, membership, given)
    db.session.add(row)
    if asked is not None and asked.state == PromptState.WAITING:
        asked.state = PromptState.ENTERED
    db.session.flush()
    _record(actor, "lobbying.entered", row, {"kind": row.kind, "membership_id": membership.id})
    return row


def change(actor: Actor, public_id: str, given: Entry, *, version: int) -> LobbyingEntry:
    """Mend an entry while its quarter is open.

    Raises: NotAllowed, NotFound, RuleBroken; Conflict in a closed quarter (I-150), for what was taken back, or when
    somebody changed it since ``version``.
    """
    membership = queries.own_organization(actor)
    row = queries.entry(membership, public_id)
    if row.version != version:
        raise Conflict(_("Somebody changed this meanwhile. Please look at it again and repeat your change."))
    _require_open(db.session.get_one(LobbyingPeriod, row.period_id, with_for_update={"read": True}))
    if row.reverses_id is not None or queries.reversed_ids([row.id]):
        raise Conflict(_("This entry was taken back, or takes one back. It stays as it is."))
    row.period_id = _period_for(membership, given.happened_on).id
    _fill(row, membership, given)
    db.session.flush()
    _record(actor, "lobbying.changed", row, {"kind": row.kind})
    return row


def reverse(actor: Actor, public_id: str, reason: str) -> LobbyingEntry:
    """Take an entry back with one of the same size in today's quarter: the way to correct a closed one (I-150).

    Raises: NotAllowed, NotFound, RuleBroken without a reason, Conflict when it was taken back already.
    """
    membership = queries.own_organization(actor)
    wrong = queries.entry(membership, public_id)
    if wrong.reverses_id is not None or queries.reversed_ids([wrong.id]):
        raise Conflict(_("This entry was taken back, or takes one back. It stays as it is."))
    if not reason:
        raise RuleBroken(_("Say why it is taken back."), field="reason")
    today = clock.now().astimezone(ZoneInfo(coalition_queries.coalition(membership.coalition_id).tz)).date()
    row = LobbyingEntry(
        coalition_id=membership.coalition_id,
        membership_id=membership.id,
        period_id=_open_period_from(membership, today).id,
        public_id=new_public_id(),
        kind=wrong.kind,
        happened_on=today,
        what=wrong.what,
        minutes=wrong.minutes,
        cost_minor=wrong.cost_minor,
        currency=wrong.currency,
        bill_id=wrong.bill_id,
        letter_id=wrong.letter_id,
        reason=reason,
        document=wrong.document,
        reverses_id=wrong.id,
        entered_by=actor.user_id,
        entered_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    _record(actor, "lobbying.reversed", row, {"reverses": wrong.id})
    return row


def move_period(actor: Actor, public_id: str, state: str) -> LobbyingPeriod:
    """Take a quarter a step further: check it, close it, note that it was filed.

    Raises: NotAllowed, NotFound, Conflict.
    """
    membership = queries.own_organization(actor)
    period = queries.period(membership, public_id, lock=True)
    if not rules.is_step(period.state, state):
        raise Conflict(_("This quarter has moved on, so this step is no longer open."))
    before, period.state = period.state, state
    if state == PeriodState.CLOSED:
        period.closed_at = clock.now()
        closing.stop_reminding(period)
    if state == PeriodState.FILED:
        period.filed_at = clock.now()
    db.session.flush()
    facts = {"from": str(before), "to": state, "membership_id": membership.id}
    audit.record(actor, "lobbying.period_moved", PERIOD, period.id, coalition_id=period.coalition_id, facts=facts)
    return period


def set_spending(actor: Actor, year: int, spending_minor: int) -> None:
    """Note what the organization spends on its purpose in a year; the limits follow from it. Units: cents.

    Raises: NotAllowed, NotFound, RuleBroken.
    """
    membership = queries.own_organization(actor)
    if not 0 <= spending_minor <= rules.MONEY_MOST or not EARLIEST <= year <= EARLIEST + 200:
        raise RuleBroken(_("Enter an amount of money."), field="spending")
    row = db.session.get(LobbyingYear, (membership.id, year))
    if row is None:
        row = LobbyingYear(membership_id=membership.id, year=year, coalition_id=membership.coalition_id)
        db.session.add(row)
    row.spending_minor = spending_minor
    db.session.flush()
    audit.record(
        actor,
        "lobbying.spending_set",
        "membership",
        membership.id,
        coalition_id=membership.coalition_id,
        facts={"year": year},
    )


def dismiss(actor: Actor, prompt_id: str, reason: str) -> LobbyingPrompt:
    """Say that there is nothing to enter for a letter, and why.

    Raises: NotAllowed, NotFound, RuleBroken, Conflict.
    """
    prompt = queries.prompt(queries.own_organization(actor), prompt_id)
    if prompt.state != PromptState.WAITING:
        raise Conflict(_("This was settled already."))
    if not reason:
        raise RuleBroken(_("Say why there is nothing to enter."), field="reason")
    prompt.state, prompt.reason = PromptState.DISMISSED, reason
    db.session.flush()
    audit.record(actor, "lobbying.prompt_dismissed", "lobbying_prompt", prompt.id, coalition_id=prompt.coalition_id)
    return prompt


def export(actor: Actor, year: int) -> Iterator[bytes]:
    """A year's ledger of the actor's own organization as CSV, noted in the record first.

    Raises: NotAllowed, NotFound.
    """
    membership = queries.own_organization(actor)
    facts = {"year": year, "membership_id": membership.id}
    audit.record(
        actor, "lobbying.exported", "membership", membership.id, coalition_id=membership.coalition_id, facts=facts
    )
    rows = [_cells(*found) for found in queries.every_entry(membership, year)]
    return safe_csv.lines([COLUMNS, *rows])


def _cells(row: LobbyingEntry, period: LobbyingPeriod, bill: str) -> Sequence[safe_csv.type_cell]:
    sign = -1 if row.reverses_id is not None else 1
    cost = f"{sign * row.cost_minor / rules.CENTS:.2f}"
    return (
        row.happened_on.isoformat(),
        f"{period.year} Q{period.quarter}",
        row.kind,
        row.what,
        bill,
        sign * row.minutes,
        cost,
        row.currency,
        row.reason,
        row.document,
        "yes" if row.reverses_id is not None else "",
    )


def _fill(row: LobbyingEntry, membership: Membership, given: Entry) -> None:
    if given.kind not in set(LobbyingKind):
        raise RuleBroken(_("Choose what it was."), field="kind")
    if not given.what:
        raise RuleBroken(_("Say in a few words what was done."), field="what")
    if not 0 <= given.minutes <= rules.MINUTES_MOST or not 0 <= given.cost_minor <= rules.MONEY_MOST:
        raise RuleBroken(_("Time and cost are numbers from 0 up."), field="minutes")
    if given.minutes == 0 and given.cost_minor == 0:
        raise RuleBroken(_("Enter time, cost or both. Paid and unpaid time both count as time."), field="minutes")
    if given.kind == LobbyingKind.NOT_LOBBYING and not given.reason:
        raise RuleBroken(_("Say why it was not lobbying."), field="reason")
    if given.kind == LobbyingKind.EXCEPTION_INVITED and not given.document:
        raise RuleBroken(_("Name the written invitation and where it is kept."), field="document")
    if given.bill_id is not None:
        known = select(exists().where(Bill.id == given.bill_id, Bill.coalition_id == membership.coalition_id))
        if not db.session.execute(known).scalar():
            raise RuleBroken(_("This bill is not on your list."), field="bill")
    row.kind, row.happened_on, row.what = given.kind, given.happened_on, given.what
    row.minutes, row.cost_minor, row.currency = given.minutes, given.cost_minor, given.currency
    row.bill_id, row.reason, row.document = given.bill_id, given.reason, given.document


def _period_for(membership: Membership, day: date) -> LobbyingPeriod:
    """The quarter of a day, made when it is the first entry in it, and open.

    Raises: Conflict.
    """
    if not EARLIEST <= day.year <= EARLIEST + 200:
        raise RuleBroken(_("Check the year."), field="happened_on")
    year, quarter = rules.quarter_of(day)
    period = _period(membership, year, quarter)
    _require_open(period)
    return period


def _open_period_from(membership: Membership, day: date) -> LobbyingPeriod:
    """The quarter of a day, or the first open one behind it."""
    year, quarter = rules.quarter_of(day)
    while True:
        period = _period(membership, year, quarter)
        if period.state in rules.TAKES_ENTRIES:
            return period
        year, quarter = (year + 1, 1) if quarter == 4 else (year, quarter + 1)  # noqa: PLR2004 - quarters of a year


def _period(membership: Membership, year: int, quarter: int) -> LobbyingPeriod:
    # The organization's row is the lock under which the first entry of a quarter makes the quarter.
    db.session.execute(select(Membership.id).where(Membership.id == membership.id).with_for_update(key_share=True))
    wanted = select(LobbyingPeriod).where(
        LobbyingPeriod.membership_id == membership.id, LobbyingPeriod.year == year, LobbyingPeriod.quarter == quarter
    )
    found = db.session.execute(wanted.with_for_update(read=True)).scalar_one_or_none()
    if found is None:
        found = LobbyingPeriod(
            coalition_id=membership.coalition_id,
            membership_id=membership.id,
            public_id=new_public_id(),
            year=year,
            quarter=quarter,
            state=PeriodState.OPEN,
        )
        db.session.add(found)
        db.session.flush()
        closing.remind_to_close(found)
    return found


def _require_open(period: LobbyingPeriod) -> None:
    if period.state not in rules.TAKES_ENTRIES:
        raise Conflict(
            _("This quarter is closed, so nothing in it changes. Take the entry back with a reversing entry instead."),
            field="happened_on",
        )


def _record(actor: Actor, action: str, row: LobbyingEntry, facts: dict[str, object]) -> None:
    audit.record(actor, action, KIND, row.id, coalition_id=row.coalition_id, facts=facts)
