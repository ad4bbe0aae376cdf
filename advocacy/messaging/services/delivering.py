"""Send one queued mail: claim its row, compose and hand it over without a transaction, settle the row."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import or_, select

from advocacy.core import clock, crypto, logs, uow
from advocacy.core.db import db
from advocacy.core.settings import Settings
from advocacy.messaging import message, rules, signals
from advocacy.messaging.adapters.transport import Envelope, Transport
from advocacy.messaging.models import Mail, MailState
from advocacy.messaging.rules import Outcome, Result
from advocacy.messaging.services import permitting, routing

log = logs.get("messaging")
CLAIM = timedelta(seconds=40)
_SLOT_WAIT_S = 0.5


@dataclass
class Facts:
    """What composers and send checks may know of a mail."""

    public_id: str
    kind: str
    to: str
    coalition_id: int | None
    object_kind: str
    object_id: int
    object_rev: int
    params: Mapping[str, Any]
    locale: str
    opt_in_id: int | None = None


@dataclass(frozen=True)
class Claimed:
    """A mail in hand; ``attempt`` is its fence."""

    mail_id: int
    attempt: int
    was_troubled: bool
    message_id: str
    facts: Facts


@dataclass(frozen=True)
class Attempt:
    """What became of a mail in hand."""

    mail_id: int
    attempt: int
    was_troubled: bool
    result: Result


class _Desk:
    """This process's mail in hand: ids being sent, and results that may not be stored yet.

    A moved clock can end a lease while its mail is on the way, and a database can be gone when the server has just
    accepted: then the next run of the job finds here what happened, instead of sending again.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sending: set[str] = set()
        self._results: dict[str, Attempt] = {}

    def take(self, public_id: str) -> None:
        """Begin sending."""
        with self._lock:
            self._sending.add(public_id)

    def put(self, attempt: Attempt | None, public_id: str) -> None:
        """End sending, with its result."""
        with self._lock:
            self._sending.discard(public_id)
            if attempt is not None:
                self._results[public_id] = attempt
                while len(self._results) > 1000:  # noqa: PLR2004 - the newest matter
                    self._results.pop(next(iter(self._results)))

    def is_sending(self, public_id: str) -> bool:
        """Whether a thread of this process has it in hand."""
        return public_id in self._sending

    def result_of(self, row: Mail) -> Attempt | None:
        """What became of the row's present attempt, when this process knows."""
        found = self._results.get(row.public_id)
        is_same = found is not None and row.state == MailState.CLAIMED and found.attempt == row.attempts
        return found if is_same else None


_desk = _Desk()


def prepare(args: Mapping[str, Any]) -> Claimed | None:
    """Claim the mail; ``None`` when there is nothing to send now."""
    row = _row(args)
    now = clock.now()
    if row is None or row.state not in {MailState.QUEUED, MailState.FAILED, MailState.CLAIMED}:
        return None
    known = _desk.result_of(row)
    if known is not None:
        _settle(row, known)
        return None
    if _desk.is_sending(row.public_id) or (
        row.state == MailState.CLAIMED and row.next_at is not None and row.next_at > now
    ):
        return None
    wait_until, was_troubled = routing.enter(now)
    if wait_until is not None:
        row.state = MailState.FAILED if row.attempts else MailState.QUEUED
        row.next_at = wait_until
        return None
    to = _address(row)
    if to is None:
        _end(row, MailState.SUPPRESSED, Result(Outcome.SUPPRESSED, "address_gone"))
        return None
    row.state, row.attempts, row.next_at = MailState.CLAIMED, row.attempts + 1, now + CLAIM
    facts = Facts(
        public_id=row.public_id,
        kind=row.kind,
        to=to,
        coalition_id=row.coalition_id,
        object_kind=row.object_kind,
        object_id=row.object_id,
        object_rev=row.object_rev,
        params=dict(row.params),
        locale=row.locale,
        opt_in_id=row.opt_in_id,
    )
    return Claimed(row.id, row.attempts, was_troubled, row.message_id, facts)


def perform(claimed: Claimed) -> Attempt:
    """Compose the mail from rows as they are now, and hand it over."""
    _desk.take(claimed.facts.public_id)
    attempt = None
    try:
        attempt = Attempt(claimed.mail_id, claimed.attempt, claimed.was_troubled, _hand_over(claimed))
    finally:
        _desk.put(attempt, claimed.facts.public_id)
    return attempt


def settle(args: Mapping[str, Any], attempt: Attempt) -> None:
    """Store what became of it."""
    row = _row(args)
    if row is not None and row.state == MailState.CLAIMED and row.attempts == attempt.attempt:
        _settle(row, attempt)


def _row(args: Mapping[str, Any]) -> Mail | None:
    by = Mail.public_id == args["mail"] if "mail" in args else Mail.id == args["mail_id"]
    return db.session.execute(select(Mail).where(by).with_for_update()).scalar_one_or_none()


def _address(row: Mail) -> str | None:
    if row.recipient is None:
        return None
    try:
        return crypto.open_sealed(row.recipient, table="mail", column="recipient", row=row.public_id)
    except crypto.SealBroken:
        return None


def _hand_over(claimed: Claimed) -> Result:
    composed = _compose(claimed)
    if isinstance(composed, Result):
        return composed
    slots: threading.Semaphore = current_app.extensions["advocacy.mail_slots"]
    if not slots.acquire(timeout=_SLOT_WAIT_S):
        return Result(Outcome.BUSY, "busy")
    try:
        transport: Transport = current_app.extensions["advocacy.mail_transport"]
        return transport.send(composed)
    finally:
        slots.release()


def _compose(claimed: Claimed) -> Envelope | Result:
    settings: Settings = current_app.extensions["advocacy.settings"]
    facts = claimed.facts
    try:
        with uow.reading():
            reason = permitting.reason_not_to(facts)
            if reason is not None:
                return Result(Outcome.SUPPRESSED, reason[:60])
            content = permitting.compose(facts)
        if content is None:
            return Result(Outcome.SUPPRESSED, "no_longer_matters")
        to = message.address(facts.to)
        sender = message.Sender(settings.mail.sender, settings.mail.sender_name or settings.server.name)
        data = permitting.signed(
            message.build(content, to=to, sender=sender, message_id=claimed.message_id, sent_at=clock.now())
        )
        origin = permitting.returns_to(facts.public_id)
    except message.BadMessage as bad:
        return Result(Outcome.DEAD, str(bad))
    except Exception as error:
        log.exception("mail_not_composed", mail_id=claimed.mail_id, kind=facts.kind)
        return Result(Outcome.UNRENDERED, f"compose_{type(error).__name__}"[:60])
    return Envelope(facts.public_id, facts.kind, claimed.message_id, origin, to, data, lambda: content)


def _settle(row: Mail, attempt: Attempt) -> None:
    result = attempt.result
    routing.note(result.outcome, attempt.was_troubled)
    ends = {
        Outcome.SENT: MailState.SENT,
        Outcome.DEAD: MailState.DEAD,
        Outcome.SUPPRESSED: MailState.SUPPRESSED,
    }
    if result.outcome in ends:
        _end(row, ends[result.outcome], result)
        return
    again = _again_at(row, result.outcome)
    if again is None:
        _end(row, MailState.DEAD, result)
        return
    row.state = MailState.FAILED
    row.next_at, row.last_code, row.last_reason = again, result.code, result.reason
    log.info("mail_waits", mail_id=row.id, kind=row.kind, attempt=row.attempts, reason=result.reason, code=result.code)


def _again_at(row: Mail, outcome: Outcome) -> datetime | None:
    now = clock.now()
    settings: Settings = current_app.extensions["advocacy.settings"]
    retry_h = rules.RENDER_H if outcome is Outcome.UNRENDERED else settings.mail.retry_h
    found = rules.next_try(row.tries_from, now, retry_h)
    if found is not None and outcome is Outcome.DOWN:
        return routing.closed_until() or found
    if found is not None and outcome is Outcome.BUSY:
        return now + rules.pause(1)
    return found


def _end(row: Mail, state: MailState, result: Result) -> None:
    now = clock.now()
    row.state, row.next_at, row.ended_at = state, None, now
    row.sent_at = now if state is MailState.SENT else None
    row.last_code, row.last_reason = result.code, result.reason
    log.info("mail_ended", mail_id=row.id, kind=row.kind, state=str(state), reason=result.reason, code=result.code)
    signals.mail_ended.send(None, mail=row)


def due(now: datetime) -> Any:  # noqa: ANN401 - a SQLAlchemy condition
    """Single mail that should have a job by now."""
    return (
        (Mail.next_at <= now)
        & Mail.lot_id.is_(None)
        & or_(Mail.state == MailState.QUEUED, Mail.state == MailState.FAILED, Mail.state == MailState.CLAIMED)
    )
