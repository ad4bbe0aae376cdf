"""Find mail that waits, give dead mail another chance, empty old mail."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, exists, select, update

from advocacy.audit import services as audit
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.messaging import queries
from advocacy.messaging.models import ENDED, Mail, MailboxMessage, MailState
from advocacy.messaging.services import bulk, routing
from advocacy.messaging.services.delivering import due
from advocacy.messaging.services.sending import SWEEP_AFTER, enqueue_sending

SWEEP_LIMIT = 500
KEEP = timedelta(days=30)


def is_mail_waiting() -> bool:
    """Whether mail is due that may leave now."""
    now = clock.now()
    closed = routing.closed_until()
    return (closed is None or closed <= now) and bool(db.session.scalar(select(exists().where(due(now)))))


def hand_to_queue() -> int:
    """Give due mail its job, most urgent first; while the server is in trouble only one mail tries."""
    now = clock.now()
    closed = routing.closed_until()
    if closed is not None and closed > now:
        return 0
    rows = db.session.execute(
        select(Mail.id, Mail.public_id, Mail.priority)
        .where(due(now))
        .order_by(Mail.priority, Mail.next_at, Mail.id)
        .limit(SWEEP_LIMIT if closed is None else 1)
        .with_for_update(skip_locked=True)
    ).all()
    later = now + (SWEEP_AFTER if closed is None else timedelta(seconds=60))
    db.session.execute(
        update(Mail)
        .where(Mail.id.in_([row.id for row in rows]), Mail.state.in_([MailState.QUEUED, MailState.FAILED]))
        .values(next_at=later)
        .execution_options(synchronize_session=False)
    )
    for row in rows:
        enqueue_sending(row.public_id, row.priority)
    return len(rows)


def send_again(actor: Actor, public_id: str) -> None:
    """Give a dead mail another 72 hours.

    Raises: NotFound, RuleBroken when it is not dead or its address was emptied.
    """
    chosen = select(Mail).where(Mail.public_id == public_id, queries.is_in_view(actor)).with_for_update()
    row = db.session.execute(chosen).scalar_one_or_none()
    if row is None:
        raise NotFound(_("This mail is not here."))
    now = clock.now()
    if row.lot_id is not None and row.state == MailState.DEAD:
        bulk.send_again(row, now)
        audit.record(actor, "mail.sent_again", "mail", row.id, coalition_id=row.coalition_id)
        return
    if row.state != MailState.DEAD or row.recipient is None:
        raise RuleBroken(_("This mail cannot be sent again."))
    row.state, row.tries_from, row.next_at, row.ended_at = MailState.QUEUED, now, now + SWEEP_AFTER, None
    db.session.flush()
    enqueue_sending(row.public_id, row.priority)
    audit.record(actor, "mail.sent_again", "mail", row.id, coalition_id=row.coalition_id)


def empty_old_mail(before: datetime, limit: int) -> int:
    """Forget the addresses of mail that ended before ``before``."""
    chosen = select(Mail.id).where(Mail.lot_id.is_(None), Mail.state.in_(ENDED), Mail.ended_at < before)
    chosen = chosen.where(Mail.recipient.is_not(None)).limit(limit)
    ids = db.session.scalars(chosen).all()
    db.session.execute(
        update(Mail)
        .where(Mail.id.in_(ids))
        .values(recipient=None, params={})
        .execution_options(synchronize_session=False)
    )
    return len(ids)


def empty_mailbox(before: datetime, limit: int) -> int:
    """Delete the demonstration's old mails."""
    ids = db.session.scalars(select(MailboxMessage.id).where(MailboxMessage.arrived_at < before).limit(limit)).all()
    db.session.execute(
        delete(MailboxMessage).where(MailboxMessage.id.in_(ids)).execution_options(synchronize_session=False)
    )
    return len(ids)
