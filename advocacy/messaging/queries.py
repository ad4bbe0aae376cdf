"""What messaging can say about mail."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, literal_column, select, true

from advocacy.core import clock, crypto, paging
from advocacy.core.actor import Actor
from advocacy.core.counting import Counted, counted_rows
from advocacy.core.db import db
from advocacy.messaging import rules
from advocacy.messaging.models import WAITING, LotState, Mail, MailboxMessage, MailLot, MailRoute, MailState
from advocacy.messaging.suppression_models import MailReturn

PAGE = 50
LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class MailRow:
    """A mail as operators see it: no address but its outline, no content."""

    id: int
    public_id: str
    kind: str
    to: str
    state: MailState
    attempts: int
    reason: str
    created_at: datetime
    came_back: str = ""


@dataclass(frozen=True)
class LotRow:
    """Mail to many as operators see it."""

    id: int
    kind: str
    state: LotState
    reason: str
    queued: int
    sent: int
    dead: int
    suppressed: int
    waiting: int
    created_at: datetime


@dataclass(frozen=True)
class DemoMail:
    """A mail of the demonstration's mailbox, opened."""

    id: int
    to: str
    subject: str
    text: str
    arrived_at: datetime


def is_in_view(actor: Actor) -> ColumnElement[bool]:
    """A coalition's people see their own mail; who runs the house sees all."""
    return true() if actor.is_system or actor.platform_roles else Mail.coalition_id == actor.coalition_id


def _is_single() -> ColumnElement[bool]:
    """Lots are counted by their rows, and may wait for long."""
    return Mail.lot_id.is_(None)


def _is_dead_of_lot() -> ColumnElement[bool]:
    """Written out, so that the index of these few is used."""
    return Mail.lot_id.is_not(None) & (Mail.state == literal_column("'dead'"))


def mail_counts(actor: Actor) -> Mapping[MailState, Counted]:
    """How many mails stand where."""
    wanted = [
        counted_rows(select(Mail.id).where(_is_single(), Mail.state == state, is_in_view(actor))) for state in MailState
    ]
    found = db.session.execute(select(*wanted)).one()
    return {state: Counted(count) for state, count in zip(MailState, found, strict=True)}


def oldest_waiting(actor: Actor) -> datetime | None:
    """Since when the oldest unsent mail waits."""
    chosen = select(func.min(Mail.created_at)).where(_is_single(), Mail.state.in_(WAITING), is_in_view(actor))
    found: datetime | None = db.session.scalar(chosen)
    return found


def mails_in(actor: Actor, state: MailState, before_id: int | None = None) -> paging.Page[MailRow]:
    """Mails in a state, newest first."""
    chosen = select(Mail).where(_is_single(), Mail.state == state, is_in_view(actor))
    chosen = chosen.order_by(Mail.id.desc()).limit(PAGE + 1)
    if before_id is not None:
        chosen = chosen.where(Mail.id < before_id)
    rows = db.session.scalars(chosen).all()
    came_back = returned([row.id for row in rows])
    return paging.take_page([_row(row, came_back.get(row.id, "")) for row in rows], PAGE)


def returned(mail_ids: Collection[int]) -> Mapping[int, str]:
    """What came back of these mails: kinds, codes, and how often, as operators read them."""
    rows = db.session.scalars(select(MailReturn).where(MailReturn.mail_id.in_(mail_ids)).order_by(MailReturn.id))
    found: dict[int, str] = {}
    for row in rows:
        line = f"{row.kind} {row.status}".strip() + (f" ({row.times})" if row.times > 1 else "")
        found[row.mail_id] = f"{found[row.mail_id]}, {line}" if row.mail_id in found else line
    return found


def lots_in(actor: Actor) -> list[LotRow]:
    """The newest lots, by their counters."""
    chosen = select(MailLot).order_by(MailLot.id.desc()).limit(PAGE)
    if not (actor.is_system or actor.platform_roles):
        chosen = chosen.where(MailLot.coalition_id == actor.coalition_id)
    return [
        LotRow(
            id=row.id,
            kind=row.kind,
            state=LotState(row.state),
            reason=row.reason or "",
            queued=row.queued_count,
            sent=row.sent_count,
            dead=row.dead_count,
            suppressed=row.suppressed_count,
            waiting=row.waiting_count,
            created_at=row.created_at,
        )
        for row in db.session.scalars(chosen)
    ]


def dead_of_lots(actor: Actor) -> list[MailRow]:
    """Mails of lots that were given up, newest lots first."""
    chosen = select(Mail).where(_is_dead_of_lot(), is_in_view(actor))
    rows = db.session.scalars(chosen.order_by(Mail.lot_id.desc(), Mail.id.desc()).limit(PAGE)).all()
    came_back = returned([row.id for row in rows])
    return [_row(row, came_back.get(row.id, "")) for row in rows]


def demo_mails(to: str = "", before_id: int | None = None) -> paging.Page[DemoMail]:
    """The demonstration's mails, newest first, of all or of one address."""
    chosen = select(MailboxMessage).order_by(MailboxMessage.id.desc()).limit(PAGE + 1)
    if to:
        chosen = chosen.where(MailboxMessage.recipient_index == crypto.blind_index("mailbox", to.casefold()))
    if before_id is not None:
        chosen = chosen.where(MailboxMessage.id < before_id)
    return paging.take_page([_demo_mail(row) for row in db.session.scalars(chosen)], PAGE)


def given_up_lately(without: Sequence[str]) -> int:
    """How many mails of other kinds were given up since yesterday, counted up to a bound."""
    lately = (Mail.ended_at > clock.now() - timedelta(days=1)) & Mail.kind.not_in(without)
    single = select(Mail.id).where(_is_single(), Mail.state == MailState.DEAD, lately)
    of_lots = select(Mail.id).where(_is_dead_of_lot(), lately)
    return sum(db.session.execute(select(counted_rows(single), counted_rows(of_lots))).one())


def is_mail_moving(without: Sequence[str] = ()) -> tuple[bool, str]:
    """For readiness: whether mail leaves; ``without`` looks away from some kinds.

    A recipient whose own server says "later" for days says nothing about ours, so mail that was refused counts only
    while the way out is closed.
    """
    failures = db.session.scalar(select(func.max(MailRoute.failures))) or 0
    states = WAITING if failures >= rules.STRIKES else (MailState.QUEUED,)
    oldest: datetime | None = db.session.scalar(
        select(func.min(Mail.created_at)).where(_is_single(), Mail.state.in_(states), Mail.kind.not_in(without))
    )
    if oldest is None:
        return True, "mail leaves"
    age = clock.now() - oldest
    return age < LATE, f"the oldest unsent mail waits since {max(int(age.total_seconds()), 0)} s"


def _row(row: Mail, came_back: str) -> MailRow:
    return MailRow(
        id=row.id,
        public_id=row.public_id,
        kind=row.kind,
        to=_outline(row),
        state=row.state,
        attempts=row.attempts,
        reason=" ".join(str(part) for part in (row.last_code, row.last_reason) if part is not None),
        created_at=row.created_at,
        came_back=came_back,
    )


def _outline(row: Mail) -> str:
    if row.recipient is None:
        return ""
    try:
        return rules.masked(crypto.open_sealed(row.recipient, table="mail", column="recipient", row=row.public_id))
    except crypto.SealBroken:
        return ""


def _demo_mail(row: MailboxMessage) -> DemoMail:
    def opened(column: str, value: bytes) -> str:
        return crypto.open_sealed(value, table="mailbox_message", column=column, row=row.public_id)

    return DemoMail(
        id=row.id,
        to=opened("recipient", row.recipient),
        subject=opened("subject", row.subject),
        text=opened("body", row.body),
        arrived_at=row.arrived_at,
    )
