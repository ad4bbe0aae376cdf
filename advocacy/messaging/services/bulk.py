"""Mail to many: queue it in one statement, pause, resume, cancel, and say how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import CursorResult, Select, Table, case, func, literal, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import JSON

from advocacy.core import clock
from advocacy.core.db import BigId, db
from advocacy.core.errors import RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.messaging.models import LotState, Mail, MailLot, MailState
from advocacy.messaging.services.sending import mail_kind
from advocacy.queue import port

LOTS_JOB = "messaging.send_lots"
JOB_PRIORITY = 900  # behind every other job
_COLUMNS = (
    "public_id kind state coalition_id object_kind object_id object_rev params locale priority attempts next_at "
    "tries_from message_id service_basis opt_in_id lot_id contact_id created_at"
).split()


@dataclass(frozen=True)
class LotCounts:
    """How far a lot is."""

    queued: int
    sent: int
    dead: int
    suppressed: int
    state: LotState | None
    reason: str | None = None

    @property
    def waiting(self) -> int:
        """How many have not ended."""
        return self.queued - self.sent - self.dead - self.suppressed


def queue_lot(
    *, kind: str, object_kind: str, object_id: int, coalition_id: int | None, recipients: Select[*tuple[Any, ...]]
) -> int:
    """Queue one mail for each row of ``recipients`` and give how many are new; nobody gets the same lot twice.

    ``recipients`` selects ``contact_id``, ``opt_in_id`` (NULL only for a kind with a service basis) and ``locale``. No
    address is copied: each is opened when its mail leaves.
    Needs: a job around it, never a request; for very many people in slices, so that others can write in between.
    Raises: RuleBroken when the lot was cancelled; LookupError for a kind that does not go to many.
    """
    found = mail_kind(kind)
    if found.lot is None:
        message = f"mail kind {kind!r} says nothing of lots in its manifest"
        raise LookupError(message)
    lot = _lot(kind, object_kind, object_id, coalition_id, found.priority)
    if lot.state == LotState.CANCELLED:
        raise RuleBroken(_("This mail was cancelled. It cannot be sent to anybody else."))
    count = _insert(lot, recipients, found.service_basis)
    if count:
        lot.queued_count += count
        lot.next_at = clock.now()
        db.session.flush()
        ask_for_sender()
    return count


def pause_lot(kind: str, object_kind: str, object_id: int) -> bool:
    """Let nothing more leave until ``resume_lot``; ``False`` when it does not leave."""
    return _turn(kind, object_kind, object_id, {LotState.LEAVING}, LotState.PAUSED)


def resume_lot(kind: str, object_kind: str, object_id: int) -> bool:
    """Let a paused lot go on; ``False`` when it is not paused."""
    return _turn(kind, object_kind, object_id, {LotState.PAUSED}, LotState.LEAVING)


def cancel_lot(kind: str, object_kind: str, object_id: int) -> bool:
    """Hold back for good what has not left; ``False`` when the lot is not there or was cancelled before."""
    return _turn(kind, object_kind, object_id, {LotState.LEAVING, LotState.PAUSED}, LotState.CANCELLED)


def lot_counts(kind: str, object_kind: str, object_id: int) -> LotCounts:
    """How far a lot is, by its counters."""
    row = db.session.execute(_chosen(kind, object_kind, object_id)).scalar_one_or_none()
    return LotCounts(0, 0, 0, 0, None) if row is None else counts_of(row)


def counts_of(lot: MailLot) -> LotCounts:
    """How far this lot is."""
    return LotCounts(
        lot.queued_count, lot.sent_count, lot.dead_count, lot.suppressed_count, LotState(lot.state), lot.reason
    )


def send_again(mail: Mail, now: datetime) -> None:
    """Give a dead mail of a lot another 72 hours.

    Raises: RuleBroken when its lot was cancelled.
    """
    lot = db.session.execute(select(MailLot).where(MailLot.id == mail.lot_id).with_for_update()).scalar_one()
    if lot.state == LotState.CANCELLED:
        raise RuleBroken(_("This mail cannot be sent again."))
    mail.state, mail.tries_from, mail.next_at, mail.ended_at = MailState.QUEUED, now, now, None
    lot.dead_count, lot.next_at = lot.dead_count - 1, now
    db.session.flush()
    ask_for_sender()


def ask_for_sender(run_at: datetime | None = None) -> None:
    """Let the worker look at lots; one job in the house does, however often it is asked."""
    port.enqueue(db.session(), LOTS_JOB, {}, run_at=run_at, priority=JOB_PRIORITY, lock=LOTS_JOB, dedupe_key=LOTS_JOB)


def _chosen(kind: str, object_kind: str, object_id: int) -> Select[MailLot]:
    return select(MailLot).where(
        MailLot.kind == kind, MailLot.object_kind == object_kind, MailLot.object_id == object_id
    )


def _turn(kind: str, object_kind: str, object_id: int, wanted: set[LotState], to: LotState) -> bool:
    row = db.session.execute(_chosen(kind, object_kind, object_id).with_for_update()).scalar_one_or_none()
    if row is None or row.state not in wanted:
        return False
    row.state, row.reason = to, None
    if to is not LotState.PAUSED and row.waiting_count:
        row.next_at = clock.now()
        db.session.flush()
        ask_for_sender()
    db.session.flush()
    return True


def _lot(kind: str, object_kind: str, object_id: int, coalition_id: int | None, priority: int) -> MailLot:
    """The lot's row, made when it is not there; locked until this transaction ends."""
    now = clock.now()
    made = _insert_into(
        cast("Table", MailLot.__table__),
        public_id=new_public_id(),
        kind=kind,
        object_kind=object_kind,
        object_id=object_id,
        coalition_id=coalition_id,
        state=LotState.LEAVING,
        priority=priority,
        served_at=now,
        fence=0,
        batch=[],
        queued_count=0,
        sent_count=0,
        dead_count=0,
        suppressed_count=0,
        created_at=now,
    )
    db.session.execute(made.on_conflict_do_nothing(index_elements=["kind", "object_kind", "object_id"]))
    return db.session.execute(
        _chosen(kind, object_kind, object_id).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()


def _insert_into(table: Table, **values: Any) -> sqlite.Insert | postgresql.Insert:  # noqa: ANN401 - column values
    made = sqlite.insert(table) if db.engine.dialect.name == "sqlite" else postgresql.insert(table)
    return made.values(**values) if values else made


def _random_id() -> Any:  # noqa: ANN401 - a SQL expression
    """A public id made by the database: 122 random bits, on SQLite 88."""
    if db.engine.dialect.name == "sqlite":
        return func.lower(func.hex(func.randomblob(11)))
    return func.translate(func.encode(func.uuid_send(func.gen_random_uuid()), "base64"), "+/=", "-_")


def _insert(lot: MailLot, recipients: Select[*tuple[Any, ...]], basis: str | None) -> int:
    people = recipients.subquery("recipients")
    opt_in = sql_cast(people.c.opt_in_id, BigId)  # a bare NULL has no type of its own
    now = clock.now()
    values: dict[str, Any] = {
        "public_id": _random_id(),
        "kind": literal(lot.kind),
        "state": literal(MailState.QUEUED),
        "coalition_id": literal(lot.coalition_id, Mail.coalition_id.type),
        "object_kind": literal(lot.object_kind),
        "object_id": literal(lot.object_id, Mail.object_id.type),
        "object_rev": literal(0),
        "params": literal({}, JSON),
        "locale": people.c.locale,
        "priority": literal(lot.priority),
        "attempts": literal(0),
        "next_at": literal(now, Mail.next_at.type),
        "tries_from": literal(now, Mail.tries_from.type),
        "message_id": literal(""),  # made of the public id when the mail leaves
        "service_basis": case((opt_in.is_(None), literal(basis, Mail.service_basis.type))),
        "opt_in_id": opt_in,
        "lot_id": literal(lot.id, Mail.lot_id.type),
        "contact_id": people.c.contact_id,
        "created_at": literal(now, Mail.created_at.type),
    }
    # SQLite takes what follows a select without WHERE for a join's condition.
    rows = select(*[values[name] for name in _COLUMNS]).where(people.c.contact_id.is_not(None))
    made = _insert_into(cast("Table", Mail.__table__)).from_select(_COLUMNS, rows)
    made = made.on_conflict_do_nothing(index_elements=["lot_id", "contact_id"], index_where=Mail.lot_id.is_not(None))
    done = db.session.execute(made.execution_options(preserve_rowcount=True))
    return int(cast("CursorResult[Any]", done).rowcount)
