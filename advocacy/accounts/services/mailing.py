"""Mails to accounts, queued with the fact that causes them."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from advocacy.accounts import queries
from advocacy.accounts.models import AccountLink, LinkPurpose, User
from advocacy.accounts.services import links
from advocacy.core import clock
from advocacy.core.db import db
from advocacy.messaging.services import sending

LINK_MAIL = "accounts.link"
NOTICE_MAIL = "accounts.notice"
_HOUR = timedelta(hours=1)


def send_link(user: User, purpose: LinkPurpose, new_email: str | None = None) -> None:
    """Mail a link to the account's address, or to the new one it is to prove; beyond the limit nothing is sent.

    The links sent before stay good, so asking again and again takes nothing from the owner.
    """
    most = current_app.extensions["advocacy.settings"].limits.account_mail
    if most and links.made_since(user.id, clock.now() - _HOUR) >= most:
        return
    link: AccountLink = links.make_link(user, purpose, new_email)
    sending.queue_mail(
        kind=LINK_MAIL,
        to=new_email or queries.open_email(user),
        coalition_id=None,
        object_kind="account_link",
        object_id=link.id,
        locale=user.locale,
    )


def tell(user_id: int, what: str, to: str | None = None) -> None:
    """Tell the owner what changed (a code of ``emails.NOTICES``), at the present address unless ``to`` is another."""
    user = db.session.get(User, user_id)
    if user is not None and user.disabled_at is None:
        sending.queue_mail(
            kind=NOTICE_MAIL,
            to=to or queries.open_email(user),
            coalition_id=None,
            object_kind="user",
            object_id=user_id,
            params={"what": what, "at": clock.now().isoformat()},
            locale=user.locale,
        )
