"""Send lots batch by batch: claim one, hand its mails over one by one, settle them together.

A batch is the lot row's: its ``fence`` numbers it, ``batch`` lists its mails and ``position`` the one that is being
handed over, stored before each. Whoever takes over after a crash knows so that the mails before it left. Storing it
also asks whether the lot may still leave and whether the batch is still ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import exists, select

from advocacy.core import clock, logs, uow
from advocacy.core.db import Statement, db
from advocacy.messaging import rules
from advocacy.messaging.adapters.transport import Transport
from advocacy.messaging.message import BadMessage
from advocacy.messaging.models import LotState, MailLot
from advocacy.messaging.rules import Outcome, Result
from advocacy.messaging.services import delivering, filling, lot_rows, pacing, routing
from advocacy.messaging.services.bulk import ask_for_sender
from advocacy.messaging.services.filling import Filled, LotMail, Ready
from advocacy.messaging.services.lot_bodies import BatchOf
from advocacy.web.lots import Gone, Held

log = logs.get("messaging")
BATCH = 100
BATCH_S = 5.0  # no pause is longer when single mails have only this one thread
LEASE = timedelta(seconds=40)
_HELD = timedelta(minutes=1)
_SLOT_WAIT_S = 0.5
_ALL = 0
"""The position behind a batch's last mail."""

_MARK = {
    "sqlite": Statement(
        """
        UPDATE mail_lot SET position = :position
        WHERE id = :lot AND fence = :fence AND state = 'leaving' RETURNING id
        """
    ),
    "postgresql": Statement(
        """
        UPDATE mail_lot SET position = :position
        WHERE id = :lot AND fence = :fence AND state = 'leaving'
            AND set_config('synchronous_commit', 'off', true) = 'off' RETURNING id
        """
    ),
}


@dataclass(frozen=True)
class Batch:
    """A batch in hand."""

    lot_id: int
    fence: int
    of: BatchOf
    mails: tuple[LotMail, ...]
    was_troubled: bool


@dataclass
class Sent:
    """How a batch went: what left and is not stored yet, and why it stopped before its end."""

    batch: Batch
    ids: list[int] = field(default_factory=list)
    stop: Held | Gone | None = None
    paces: pacing.Paces | None = None
    wait_until: datetime | None = None


class _Desk:
    """This process's batch in hand, and the last one that may not be stored yet."""

    def __init__(self) -> None:
        self.is_sending = False
        self.last: Sent | None = None

    def passed(self, lot: MailLot) -> list[int]:
        """What this process knows to have left of the lot's present batch."""
        known = self.last
        is_same = known is not None and (known.batch.lot_id, known.batch.fence) == (lot.id, lot.fence)
        return list(known.ids) if known is not None and is_same else []


_desk = _Desk()


def is_lot_waiting() -> bool:
    """Whether a lot wants to be looked at."""
    now, closed = clock.now(), routing.closed_until()
    return (closed is None or closed <= now) and bool(db.session.scalar(select(exists().where(lot_rows.wants(now)))))


def prepare(args: Mapping[str, Any]) -> Batch | None:
    """Claim a batch of the lot whose turn it is; ``None`` when nothing leaves now."""
    del args
    if _desk.is_sending:
        return None
    now = clock.now()
    chosen = (
        select(MailLot).where(lot_rows.wants(now)).order_by(MailLot.priority, MailLot.served_at, MailLot.id).limit(1)
    )
    lot = db.session.execute(chosen.with_for_update(skip_locked=True)).scalar_one_or_none()
    if lot is None:
        return None
    lot.served_at = now
    _take_over(lot, now)
    batch = _claim(lot, now)
    db.session.flush()
    if batch is None and lot.next_at is not None:
        ask_for_sender(lot.next_at)
    return batch


def _claim(lot: MailLot, now: datetime) -> Batch | None:
    """Take a batch of this lot; else say when it wants to be looked at again."""
    if lot.state == LotState.CANCELLED:
        lot_rows.end_some(lot, lot.reason or "cancelled", now)
        return None
    if db.session.scalar(select(exists().where(delivering.due(now)))):
        lot.next_at = now + timedelta(seconds=1)  # single mails go first
        return None
    wait_until, was_troubled = routing.enter(now)
    if wait_until is not None:
        lot.next_at = wait_until
        return None
    mails = lot_rows.due_mails(lot, now, 1 if was_troubled else BATCH)
    lot.fence += 1
    lot.batch, lot.position = [mail.id for mail in mails], None
    if not mails:
        lot_rows.plan(lot)
        return None
    lot.next_at = now + LEASE
    of = BatchOf(lot.kind, lot.coalition_id, lot.object_kind, lot.object_id)
    return Batch(lot.id, lot.fence, of, mails, was_troubled)


def perform(batch: Batch) -> Sent:
    """Make the batch ready and hand its mails over, one after the other."""
    sent = Sent(batch)
    _desk.is_sending, _desk.last = True, sent
    try:
        with uow.reading():
            filled = filling.fill(batch.of, batch.mails)
        sent.stop, sent.paces = filled.stop, filled.paces
        if filled.paces is not None:
            _Leaving(sent, filled, filled.paces).go()
    finally:
        _desk.is_sending = False
    return sent


def settle(args: Mapping[str, Any], sent: Sent) -> None:
    """Store what left, and when the lot wants to be looked at again."""
    del args
    lot = lot_rows.locked(sent.batch.lot_id, sent.batch.fence)
    if lot is None:
        return
    now = clock.now()
    lot_rows.note_sent(lot, sent.ids, now)
    lot.batch, lot.position = [], None
    if sent.paces is not None:
        sent.paces.store(now)
    if isinstance(sent.stop, Gone):
        lot.state, lot.reason, lot.next_at = LotState.CANCELLED, sent.stop.reason[:60], now
    elif isinstance(sent.stop, Held):
        lot.reason, lot.next_at = sent.stop.reason[:60], now + _HELD
    else:
        lot.reason = None
        lot_rows.plan(lot)
        if sent.wait_until is not None and lot.next_at is not None:
            lot.next_at = max(lot.next_at, sent.wait_until)
    db.session.flush()
    log.info("lot_batch_settled", lot_id=lot.id, sent=len(sent.ids), waiting=lot.waiting_count)
    ask_for_sender()


class _Leaving:
    """The mails of one batch on their way."""

    def __init__(self, sent: Sent, filled: Filled, paces: pacing.Paces) -> None:
        self.sent = sent
        self.paces = paces
        self.batch = sent.batch
        self.filled = filled
        self.was_troubled = sent.batch.was_troubled
        self.transport: Transport = current_app.extensions["advocacy.mail_transport"]
        self.slots = current_app.extensions["advocacy.mail_slots"]

    def go(self) -> None:
        """Store what does not leave, then hand over the others until something stands against it."""
        if (self.filled.ended or self.filled.later) and not self._store_filled():
            return
        until = clock.monotonic() + BATCH_S
        for number, item in enumerate(self.filled.leaving):
            if number and clock.monotonic() > until:
                return
            slow = self.paces.slow_until(item.domain)
            if slow is not None and slow > clock.now():
                self._put_off(item, slow)
            elif not self._is_ours(item.id) or not self._hand_over(item):
                return
        self._is_ours(_ALL)

    def _store_filled(self) -> bool:
        with uow.unit():
            lot = lot_rows.locked(self.batch.lot_id, self.batch.fence)
            if lot is None:
                return False
            now = clock.now()
            for mail_id, result in self.filled.ended:
                lot_rows.store_result(lot, mail_id, result, now)
            for mail_id, until in self.filled.later:
                lot_rows.change(lot, mail_id, next_at=until, last_reason=pacing.PACED)
        return True

    def _is_ours(self, position: int) -> bool:
        params = {"position": position, "lot": self.batch.lot_id, "fence": self.batch.fence}
        return bool(uow.at_once_lightly(_MARK[db.engine.dialect.name], params))

    def _hand_over(self, item: Ready) -> bool:
        """Hand one mail over; ``False`` when no other should follow."""
        try:
            envelope = item.envelope()
        except BadMessage as bad:
            return self._settle_one(item, Result(Outcome.DEAD, str(bad)))
        except Exception as error:
            log.exception("mail_not_composed", mail_id=item.id, lot_id=self.batch.lot_id)
            return self._settle_one(item, Result(Outcome.UNRENDERED, f"compose_{type(error).__name__}"[:60]))
        if not self.slots.acquire(timeout=_SLOT_WAIT_S):
            self.sent.wait_until = clock.now() + rules.pause(1)
            return False
        try:
            result = self.transport.send(envelope)
        finally:
            self.slots.release()
        if result.outcome is not Outcome.SENT:
            return self._settle_one(item, result)
        self.sent.ids.append(item.id)
        if self.was_troubled:
            with uow.unit():
                routing.note(result.outcome, self.was_troubled)
            self.was_troubled = False
        self.paces.welcome(item.domain)
        return True

    def _settle_one(self, item: Ready, result: Result) -> bool:
        """Store at once what was not taken, so that what stands before the position and waits has left."""
        with uow.unit():
            routing.note(result.outcome, self.was_troubled)
            lot = lot_rows.locked(self.batch.lot_id, self.batch.fence)
            now = clock.now()
            closed = routing.closed_until()
            self.was_troubled = result.outcome in {Outcome.LOST, Outcome.DOWN}
            if lot is None:
                return False
            if result.outcome is Outcome.DOWN:
                self.sent.wait_until = closed
                return False
            lot_rows.store_result(lot, item.id, result, now)
            if rules.is_from_domain(result):
                self.paces.slow_down(item.domain, now)
                self.paces.store(now)
        if closed is not None and closed > now:
            self.sent.wait_until = closed
            return False
        return True

    def _put_off(self, item: Ready, until: datetime) -> None:
        with uow.unit():
            lot = lot_rows.locked(self.batch.lot_id, self.batch.fence)
            if lot is not None:
                lot_rows.change(lot, item.id, next_at=until, last_reason=pacing.PACED)


def _take_over(lot: MailLot, now: datetime) -> None:
    """Settle a batch that was not: what stands before its position left, the mail there may have."""
    left, in_hand = list(lot.batch), lot.position
    lot.batch, lot.position = [], None
    if not left or in_hand is None:
        return
    passed = left if in_hand == _ALL else left[: left.index(in_hand)] if in_hand in left else []
    lot_rows.note_sent(lot, [*passed, *_desk.passed(lot)], now)
    if in_hand != _ALL and in_hand in left:
        lot_rows.store_result(lot, in_hand, Result(Outcome.RETRY, "worker_died"), now)
    log.warning("lot_taken_over", lot_id=lot.id, fence=lot.fence, passed=len(passed))
