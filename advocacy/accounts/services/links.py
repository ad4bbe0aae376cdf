"""Links mailed to accounts: derived, good for an hour, used once, dead when the address they were made for changes."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from advocacy.accounts import linking
from advocacy.accounts.models import AccountLink, LinkPurpose, User
from advocacy.core import clock, crypto, tokens
from advocacy.core.db import db
from advocacy.core.errors import Gone
from advocacy.core.ids import new_public_id

USABLE_FOR = timedelta(hours=1)


def make_link(user: User, purpose: LinkPurpose, new_email: str | None = None) -> AccountLink:
    """A link for the account's present address; ``new_email`` is the address that a link of ``change`` goes to."""
    public_id, now = new_public_id(), clock.now()
    sealed = None
    if new_email is not None:
        sealed = crypto.seal("site", new_email, table="account_link", column="new_email", row=public_id)
    link = AccountLink(
        public_id=public_id,
        user_id=user.id,
        purpose=purpose,
        nonce=new_public_id(),
        email_key=user.email_key,
        new_email_sealed=sealed,
        created_at=now,
        expires_at=now + USABLE_FOR,
    )
    db.session.add(link)
    db.session.flush()
    return link


def made_since(user_id: int, since: datetime) -> int:
    """How many links were made for the account since then."""
    made = select(func.count()).where(AccountLink.user_id == user_id, AccountLink.created_at > since)
    return int(db.session.execute(made).scalar_one())


def require_link(token: str, purpose: LinkPurpose, *, lock: bool = False) -> tuple[AccountLink, User]:
    """The link behind a token of this purpose while it can be used, and its account; ``lock`` for whoever uses it.

    Raises: Gone, in the same words whatever the reason.
    """
    wanted = select(AccountLink).where(AccountLink.public_id == (tokens.token_subject(token) or ""))
    wanted = wanted.where(AccountLink.purpose == purpose)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    link = db.session.execute(wanted).scalar_one_or_none()
    user = db.session.get(User, link.user_id) if link is not None else None
    if link is None or user is None or not linking.is_live(link, user):
        raise _gone()
    if not tokens.is_derived_token(token, linking.scope(purpose), link.public_id, link.nonce):
        raise _gone()
    return link, user


def use_link(token: str, purpose: LinkPurpose) -> tuple[AccountLink, User]:
    """Use a link up; of two requests at the same instant one does.

    Raises: Gone.
    """
    link, user = require_link(token, purpose, lock=True)
    link.nonce, link.used_at = None, clock.now()
    db.session.flush()
    return link, user


def drop_links(user_id: int) -> None:
    """Let no link of the account work any more."""
    db.session.execute(delete(AccountLink).where(AccountLink.user_id == user_id))


def _gone() -> Gone:
    return Gone(_("This link was used or has expired. Please ask for a new one; it works for one hour."))
