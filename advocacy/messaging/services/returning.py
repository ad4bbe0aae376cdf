"""Take in what came back of our mail: count it, and write no more where it can do no good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from advocacy.core import clock, crypto, logs
from advocacy.core.db import db
from advocacy.core.ids import is_public_id
from advocacy.messaging import permission, returns
from advocacy.messaging.models import Mail
from advocacy.messaging.returns import Return
from advocacy.messaging.services import suppressing
from advocacy.messaging.services.sending import mail_kind
from advocacy.messaging.suppression_models import MailReturn, Reason, ReturnKind

log = logs.get("messaging")
_REASONS = {ReturnKind.HARD_BOUNCE: Reason.HARD_BOUNCE, ReturnKind.COMPLAINT: Reason.COMPLAINT}


@dataclass(frozen=True)
class Event:
    """What a mail service told of a mail or of an address."""

    kind: ReturnKind
    status: str
    message_id: str = ""
    address: str = ""
    at: datetime | None = None


def take_message(data: bytes) -> bool:
    """Take in one returned mail or report; gives whether it is about a mail of ours."""
    found = returns.read(data)
    mail = _mail_of(found) if found is not None else None
    if found is None or mail is None:
        log.info("mail_return_unknown", is_report=found is not None)
        return False
    _note(mail, found.kind, found.status, clock.now())
    return True


def take_event(event: Event) -> bool:
    """Take in what a mail service told; gives whether anything of ours is meant. The same told twice is once."""
    mail = _by_message_id(event.message_id) if event.message_id else None
    if mail is not None:
        _note(mail, event.kind, event.status, event.at or clock.now())
        return True
    reason = _REASONS.get(event.kind)
    if not event.address or event.message_id or reason is None:
        return False
    suppressing.suppress(event.address, reason)
    return True


def purge(before: datetime, limit: int) -> int:
    """Forget what came back before ``before``."""
    old = select(MailReturn.id).where(MailReturn.last_at < before).limit(limit)
    gone = delete(MailReturn).where(MailReturn.id.in_(old)).execution_options(synchronize_session=False)
    return int(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]


def _note(mail: Mail, kind: ReturnKind, status: str, at: datetime) -> None:
    if not _count(mail.id, kind, status, at):
        return
    log.info("mail_returned", mail_id=mail.id, kind=str(kind), status=status)
    reason = _REASONS.get(kind)
    address = _address(mail) if reason is not None else None
    if reason is not None and address is not None:
        # A mailbox is gone for everybody; a complaint is about who wrote.
        suppressing.suppress(address, reason, coalition_id=mail.coalition_id if kind is ReturnKind.COMPLAINT else None)


def _count(mail_id: int, kind: ReturnKind, status: str, at: datetime) -> bool:
    """Whether this is news; at one instant a mail comes back once."""
    at = min(at, clock.now())
    chosen = select(MailReturn).where(MailReturn.mail_id == mail_id, MailReturn.kind == kind).with_for_update()
    row = db.session.scalar(chosen)
    if row is None:
        try:
            with db.session.begin_nested():
                db.session.add(
                    MailReturn(mail_id=mail_id, kind=kind, status=status[:12], times=1, first_at=at, last_at=at)
                )
        except IntegrityError:
            return False
        return True
    if at <= row.last_at:
        return False
    row.times, row.last_at, row.status = row.times + 1, at, status[:12]
    db.session.flush()
    return True


def _mail_of(found: Return) -> Mail | None:
    for token in found.tokens:
        public_id = permission.public_id_of_bounce(token)
        mail = _by_public_id(public_id) if public_id else None
        if mail is not None:
            return mail
    named = (_by_message_id(message_id) for message_id in found.message_ids)
    return next((mail for mail in named if mail is not None), None)


def _by_message_id(message_id: str) -> Mail | None:
    return _by_public_id(message_id.strip().removeprefix("<").partition("@")[0])


def _by_public_id(public_id: str) -> Mail | None:
    """Whatever an event calls a mail: only what can be one is asked of the database, which takes not every text."""
    return db.session.scalar(select(Mail).where(Mail.public_id == public_id)) if is_public_id(public_id) else None


def _address(mail: Mail) -> str | None:
    """Where a mail went; nothing once its address was emptied or its person is gone."""
    if mail.recipient is not None:
        try:
            return crypto.open_sealed(mail.recipient, table="mail", column="recipient", row=mail.public_id)
        except crypto.SealBroken:
            return None
    lot = mail_kind(mail.kind).lot
    if lot is None or mail.contact_id is None:
        return None
    person = lot.people(mail.object_id, [mail.contact_id]).get(mail.contact_id)
    return person.address if person is not None else None
