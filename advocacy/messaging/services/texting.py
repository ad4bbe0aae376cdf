"""Queue a text and send it: claim its row, hand it over without a transaction, settle the row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError

from advocacy.core import clock, logs, uow
from advocacy.core.db import db
from advocacy.core.ids import new_public_id
from advocacy.messaging import rules, text_rules
from advocacy.messaging.adapters.sms import Handed, SmsService
from advocacy.messaging.rules import Outcome, Result
from advocacy.messaging.services import numbering
from advocacy.messaging.text_models import UNSENT, TextMessage, TextState
from advocacy.queue import port
from advocacy.web.manifest import house
from advocacy.web.offers import TextFacts

log = logs.get("messaging")
SEND_JOB = "messaging.send_text"
LEASE = timedelta(seconds=40)
SWEEP_AFTER = timedelta(minutes=10)
RETRY_H = 6
SWEEP_LIMIT = 100
PRIORITY = 35
_LOCK = "messaging.texts"
"""One at a time: a service that hangs holds one thread of the worker."""


@dataclass(frozen=True)
class Claimed:
    """A text in hand; ``attempt`` is its fence."""

    attempt: int
    kind: str
    number: str
    locale: str
    facts: TextFacts


@dataclass(frozen=True)
class Attempt:
    """What became of a text in hand."""

    attempt: int
    handed: Handed


def queue_text(
    *, kind: str, user_id: int, coalition_id: int | None, params: Mapping[str, Any], locale: str, key: str
) -> bool:
    """Queue a text to an account that asked for texts; ``False`` when it did not, or one with this ``key`` exists.

    Needs: ``params`` holds ids and codes only.
    """
    number_key = numbering.open_number_of(user_id)
    if number_key is None:
        return False
    return queue_to(kind, user_id, number_key, coalition_id=coalition_id, params=params, locale=locale, key=key)


def queue_to(
    kind: str,
    user_id: int,
    number_key: bytes,
    *,
    coalition_id: int | None,
    params: Mapping[str, Any],
    locale: str,
    key: str,
) -> bool:
    """The same to a number that need not be confirmed yet."""
    now = clock.now()
    made = TextMessage(
        public_id=new_public_id(),
        kind=kind,
        state=TextState.QUEUED,
        coalition_id=coalition_id,
        user_id=user_id,
        number_key=number_key,
        params=dict(params),
        locale=locale,
        attempts=0,
        next_at=now + SWEEP_AFTER,
        key=key,
        created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return False
    _enqueue(made.public_id)
    return True


def prepare(args: Mapping[str, Any]) -> Claimed | None:
    """Claim the text; ``None`` when there is nothing to send now."""
    row, now = _row(args), clock.now()
    if row is None or row.next_at is None:
        return None
    if row.state == TextState.CLAIMED:
        if row.next_at <= now:  # whoever had it is gone, and it may have left: a text comes at most once
            _end(row, TextState.DEAD, "answer_lost")
        return None
    number = numbering.number_for(row.user_id, row.number_key)
    if number is None:
        _end(row, TextState.SUPPRESSED, "number_gone")
        return None
    row.state, row.attempts, row.next_at = TextState.CLAIMED, row.attempts + 1, now + LEASE
    return Claimed(row.attempts, row.kind, number, row.locale, TextFacts(row.public_id, row.user_id, dict(row.params)))


def perform(claimed: Claimed) -> Attempt:
    """Make the words from rows as they are now, and hand them over."""
    with uow.reading():
        key = numbering.number_key(claimed.number)
        is_gone = numbering.is_stopped(key) or numbering.number_for(claimed.facts.user_id, key) is None
        with force_locale(claimed.locale):
            words = None if is_gone else house().texts[claimed.kind].compose(claimed.facts)
    if words is None:
        reason = "stopped" if is_gone else "no_longer_matters"
        return Attempt(claimed.attempt, Handed(Result(Outcome.SUPPRESSED, reason)))
    name: str = current_app.extensions["advocacy.settings"].server.name
    service: SmsService = current_app.extensions["advocacy.sms"]
    return Attempt(claimed.attempt, service.send(claimed.number, text_rules.signed(name, words)))


def settle(args: Mapping[str, Any], attempt: Attempt) -> None:
    """Store what became of it."""
    row = _row(args)
    if row is None or row.state != TextState.CLAIMED or row.attempts != attempt.attempt:
        return
    result, row.provider_id = attempt.handed.result, attempt.handed.provider_id
    again = rules.next_try(row.created_at, clock.now(), RETRY_H) if result.outcome is Outcome.RETRY else None
    if again is not None:
        row.state, row.next_at, row.last_reason = TextState.FAILED, again, result.reason
        log.info("text_waits", text_id=row.id, kind=row.kind, attempt=row.attempts, reason=result.reason)
        return
    ends = {Outcome.SENT: TextState.SENT, Outcome.SUPPRESSED: TextState.SUPPRESSED}
    _end(row, ends.get(result.outcome, TextState.DEAD), result.reason)


def is_text_waiting() -> bool:
    """Whether a text is due that has no job."""
    return bool(db.session.scalar(select(exists().where(TextMessage.next_at <= clock.now()))))


def hand_to_queue() -> None:
    """Give texts that are due their job."""
    now = clock.now()
    rows = db.session.scalars(
        select(TextMessage)
        .where(TextMessage.next_at <= now)
        .order_by(TextMessage.next_at, TextMessage.id)
        .limit(SWEEP_LIMIT)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        if row.state in UNSENT:
            row.next_at = now + SWEEP_AFTER
        _enqueue(row.public_id)
    db.session.flush()


def purge(before: datetime, limit: int) -> int:
    """Delete texts that ended long ago."""
    ids = db.session.scalars(select(TextMessage.id).where(TextMessage.ended_at < before).limit(limit)).all()
    db.session.execute(delete(TextMessage).where(TextMessage.id.in_(ids)).execution_options(synchronize_session=False))
    return len(ids)


def hold_back(number_key: bytes) -> None:
    """End what waits for a number that said stop."""
    db.session.execute(
        update(TextMessage)
        .where(TextMessage.number_key == number_key, TextMessage.state.in_(UNSENT))
        .values(state=TextState.SUPPRESSED, next_at=None, ended_at=clock.now(), last_reason="stopped")
        .execution_options(synchronize_session=False)
    )


def _enqueue(public_id: str) -> None:
    key = f"text:{public_id}"
    port.enqueue(db.session(), SEND_JOB, {"text": public_id}, priority=PRIORITY, lock=_LOCK, dedupe_key=key)


def _row(args: Mapping[str, Any]) -> TextMessage | None:
    chosen = select(TextMessage).where(TextMessage.public_id == args["text"]).with_for_update()
    return db.session.execute(chosen).scalar_one_or_none()


def _end(row: TextMessage, state: TextState, reason: str) -> None:
    row.state, row.next_at, row.ended_at, row.last_reason = state, None, clock.now(), reason[:60]
    log.info("text_ended", text_id=row.id, kind=row.kind, state=str(state), reason=reason)
