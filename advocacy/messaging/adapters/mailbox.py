"""For the demonstration: mail stays in the house and can be read at ``/demo/mailbox``."""

from __future__ import annotations

from sqlalchemy import select

from advocacy.core import clock, crypto, uow
from advocacy.core.db import db
from advocacy.core.ids import new_public_id
from advocacy.messaging.adapters.transport import Envelope
from advocacy.messaging.models import MailboxMessage
from advocacy.messaging.rules import Outcome, Result

SCOPE = "site"


class MailboxTransport:
    """Stores each mail, sealed; the same mail twice is one message."""

    def send(self, envelope: Envelope) -> Result:
        """Store one mail in a transaction of its own."""
        with uow.unit():
            known = select(MailboxMessage.id).where(MailboxMessage.message_id == envelope.message_id)
            if db.session.scalar(known) is None:
                db.session.add(_row(envelope))
        return Result(Outcome.SENT, "stored")


def _row(envelope: Envelope) -> MailboxMessage:
    public_id, content = new_public_id(), envelope.read()

    def seal(column: str, plain: str) -> bytes:
        return crypto.seal(SCOPE, plain, table="mailbox_message", column=column, row=public_id)

    return MailboxMessage(
        public_id=public_id,
        message_id=envelope.message_id,
        kind=envelope.kind,
        recipient=seal("recipient", envelope.recipient.text),
        recipient_index=crypto.blind_index("mailbox", envelope.recipient.text.casefold()),
        subject=seal("subject", content.subject),
        body=seal("body", content.text),
        arrived_at=clock.now(),
    )
