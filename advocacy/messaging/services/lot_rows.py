"""The rows of lots: what is due, what left, what was not taken, what ends unsent. Counters go with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from flask import current_app
from sqlalchemy import CursorResult, func, select, update

from advocacy.core import logs
from advocacy.core.db import db
from advocacy.messaging import rules, signals
from advocacy.messaging.models import LotState, Mail, MailLot, MailState
from advocacy.messaging.rules import Outcome, Result
from advocacy.messaging.services import pacing
from advocacy.messaging.services.filling import LotMail

log = logs.get("messaging")
_ENDED_AT_ONCE = 5000
_WAITING = (MailState.QUEUED, MailState.FAILED)


def wants(now: datetime) -> Any:  # noqa: ANN401 - a SQLAlchemy condition
    """Lots that want to be looked at."""
    return (MailLot.next_at <= now) & MailLot.state.in_([LotState.LEAVING, LotState.CANCELLED])


def locked(lot_id: int, fence: int) -> MailLot | None:
    """The lot's row while the batch is ours."""
    chosen = select(MailLot).where(MailLot.id == lot_id, MailLot.fence == fence)
    return db.session.execute(chosen.with_for_update()).scalar_one_or_none()


def due_mails(lot: MailLot, now: datetime, limit: int) -> tuple[LotMail, ...]:
    """The mails of the next batch."""
    rows = db.session.execute(
        select(Mail.id, Mail.public_id, Mail.contact_id, Mail.locale, Mail.opt_in_id, Mail.last_reason)
        .where(Mail.lot_id == lot.id, Mail.next_at <= now)
        .order_by(Mail.next_at, Mail.id)
        .limit(limit)
    )
    return tuple(
        LotMail(row.id, row.public_id, row.contact_id, row.locale, row.opt_in_id, row.last_reason == pacing.PACED)
        for row in rows
    )


def plan(lot: MailLot) -> None:
    """Say when the lot's next mail is due; announce that none waits."""
    db.session.flush()
    lot.next_at = db.session.scalar(
        select(func.min(Mail.next_at)).where(Mail.lot_id == lot.id, Mail.next_at.is_not(None))
    )
    if lot.next_at is None:
        signals.lot_ended.send(None, lot=lot)


def note_sent(lot: MailLot, ids: Sequence[int], now: datetime) -> None:
    """Store what left."""
    if not ids:
        return
    left = (
        update(Mail)
        .where(Mail.id.in_(ids), Mail.lot_id == lot.id, Mail.state.in_(_WAITING))
        .values(
            state=MailState.SENT,
            attempts=Mail.attempts + 1,
            next_at=None,
            sent_at=now,
            ended_at=now,
            last_code=250,
            last_reason="accepted",
        )
    )
    lot.sent_count += _count(left)


def store_result(lot: MailLot, mail_id: int, result: Result, now: datetime) -> None:
    """Store what became of one mail that was not taken."""
    ends = {Outcome.DEAD: MailState.DEAD, Outcome.SUPPRESSED: MailState.SUPPRESSED}
    state, again = ends.get(result.outcome), None
    row = db.session.execute(
        select(Mail.attempts, Mail.tries_from).where(Mail.id == mail_id, Mail.lot_id == lot.id)
    ).one()
    tries_from = row.tries_from if row.attempts else now  # a lot may have waited long before its first try
    if state is None:
        retry_h = current_app.extensions["advocacy.settings"].mail.retry_h
        again = rules.next_try(tries_from, now, rules.RENDER_H if result.outcome is Outcome.UNRENDERED else retry_h)
        state = MailState.FAILED if again else MailState.DEAD
    changed = change(
        lot,
        mail_id,
        state=state,
        attempts=Mail.attempts + 1,
        tries_from=tries_from,
        next_at=again,
        ended_at=None if again else now,
        last_code=result.code,
        last_reason=result.reason,
    )
    lot.dead_count += changed * (state is MailState.DEAD)
    lot.suppressed_count += changed * (state is MailState.SUPPRESSED)
    log.info("lot_mail_stored", mail_id=mail_id, state=str(state), reason=result.reason, code=result.code)


def change(lot: MailLot, mail_id: int, **values: Any) -> int:  # noqa: ANN401 - values of columns
    """Change a mail that waits, and take it out of the batch."""
    lot.batch = [each for each in lot.batch if each != mail_id]
    return _count(
        update(Mail).where(Mail.id == mail_id, Mail.lot_id == lot.id, Mail.state.in_(_WAITING)).values(**values)
    )


def end_some(lot: MailLot, reason: str, now: datetime) -> None:
    """Hold back mails of a lot that leaves no more, some thousand at a time."""
    some = select(Mail.id).where(Mail.lot_id == lot.id, Mail.next_at.is_not(None)).limit(_ENDED_AT_ONCE)
    ended = (
        update(Mail)
        .where(Mail.id.in_(some))
        .values(state=MailState.SUPPRESSED, next_at=None, ended_at=now, last_reason=reason)
    )
    count = _count(ended)
    lot.suppressed_count += count
    lot.next_at = now if count == _ENDED_AT_ONCE else None
    db.session.flush()
    if lot.next_at is None:
        signals.lot_ended.send(None, lot=lot)


def _count(statement: Any) -> int:  # noqa: ANN401 - an UPDATE
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(cast("CursorResult[Any]", done).rowcount)
