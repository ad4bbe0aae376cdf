"""Tell the owner of a mailbox that somebody signed with it again: in the worker, so that signing takes no longer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import current_app

from advocacy.core import clock, crypto, logs
from advocacy.core.db import db
from advocacy.messaging.services import sending
from advocacy.petitions.models import MAX_MAILS, Signature, SignatureState

log = logs.get("petitions")
JOB = "petitions.tell_owner"
KIND = "signature"
CONFIRM_MAIL = "petitions.confirm_signature"
ALREADY_MAIL = "petitions.already_signed"


def tell_owner(args: Mapping[str, Any]) -> None:
    """Mail the owner of the mailbox instead of telling the visitor; at most five mails to one signature, ever.

    ``once`` is the mark of a request that may come again: one mail for all its copies.
    """
    signature = db.session.get(Signature, args["signature_id"], with_for_update=True)
    if signature is None or signature.email is None or signature.mail_count >= MAX_MAILS:
        return
    if signature.state not in {SignatureState.PENDING, SignatureState.VERIFIED}:
        return
    is_pending = signature.state == SignatureState.PENDING
    number = signature.mail_count + 1
    once = args["once"]
    # To the address that signed, not the one typed now: the rules only suppose that both are one mailbox.
    to = crypto.open_sealed(signature.email, table=KIND, column="email", row=signature.public_id)
    queued = sending.queue_mail(
        kind=CONFIRM_MAIL if is_pending else ALREADY_MAIL,
        to=to,
        coalition_id=signature.coalition_id,
        object_kind=KIND,
        object_id=signature.id,
        locale=args["locale"],
        key=f"{KIND}:once:{once}" if once else f"{KIND}:{signature.public_id}:{number}",
    )
    if queued is None:
        return
    signature.mail_count = number
    if is_pending:
        days = current_app.extensions["advocacy.settings"].petitions.confirm_days
        signature.confirm_until = clock.now() + timedelta(days=days)
    db.session.flush()
    log.info("double_signature", petition_id=signature.petition_id, signature_id=signature.id, state=signature.state)
