"""A new password by mail. Asking does the same for every address; the worker looks whether it is known."""

from __future__ import annotations

from sqlalchemy import delete

from advocacy.accounts import factor_queries, queries, rules
from advocacy.accounts.models import LinkPurpose, RecoveryRequest
from advocacy.accounts.services import changing, links, mailing, passwords, registering
from advocacy.accounts.services.throttling import WINDOW_S
from advocacy.core import clock, crypto, uow
from advocacy.core.actor import Actor, Channel
from advocacy.core.db import db
from advocacy.core.ids import new_public_id
from advocacy.core.jobs_spec import type_args
from advocacy.core.text import clean_line
from advocacy.queue import port
from advocacy.web import limits

JOB = "accounts.answer_recovery"
EMAIL_LENGTH = 320


def ask_recovery(email: str, network: str) -> None:
    """Take down that somebody wants a new password; nothing here depends on whether the address is known.

    Raises: TooMany above a limit of this network or of the whole site.
    """
    limits.require("recover_network", network, WINDOW_S)
    limits.require("recover_global", "", WINDOW_S)
    public_id = new_public_id()
    sealed = crypto.seal(
        "site", clean_line(email)[:EMAIL_LENGTH], table="recovery_request", column="email", row=public_id
    )
    db.session.add(RecoveryRequest(public_id=public_id, email_sealed=sealed, created_at=clock.now()))
    db.session.flush()
    port.enqueue(db.session(), JOB, {"request": public_id}, priority=20)


def answer_recovery(args: type_args) -> None:
    """Mail a link when the address is known, and forget the request."""
    gone = delete(RecoveryRequest).where(RecoveryRequest.public_id == args["request"])
    found = db.session.execute(gone.returning(RecoveryRequest.public_id, RecoveryRequest.email_sealed)).one_or_none()
    if found is None:
        return
    email = crypto.open_sealed(found.email_sealed, table="recovery_request", column="email", row=found.public_id)
    user = queries.user_of_email(email)
    if user is not None and user.disabled_at is None:
        mailing.send_link(user, LinkPurpose.RECOVER)


def recover(token: str, password: str) -> None:
    """Set a new password by a mailed link; sessions, known browsers and the other links end.

    A second factor stays: the next sign-in asks for it.
    Needs: no open writing transaction.
    Raises: Gone, RuleBroken (field ``password``).
    """
    with uow.reading():
        user = links.require_link(token, LinkPurpose.RECOVER)[1]
        email, name = queries.open_email(user), queries.open_name(user)
        has_factor = factor_queries.has_factor(user.id)
    registering.check_password(password, email=email, name=name, has_second_factor=has_factor)
    stored = passwords.hash_password(password)
    user = links.use_link(token, LinkPurpose.RECOVER)[1]
    user.email_verified_at = user.email_verified_at or clock.now()  # the link proved the mailbox
    actor = Actor(user_id=user.id, channel=Channel.WEB)
    is_short = rules.is_short(password)
    changing.store_password(actor, user.id, stored, is_short=is_short, action="account.password_recovered")
