"""How a mailed link looks, and for how long it can be used."""

from __future__ import annotations

from advocacy.accounts.models import AccountLink, LinkPurpose, User
from advocacy.core import clock, crypto, tokens
from advocacy.core.db import db
from advocacy.core.links import absolute

_PATHS = {
    LinkPurpose.RECOVER: "/sign-in/recover/",
    LinkPurpose.VERIFY: "/account/email/verify/",
    LinkPurpose.CHANGE: "/account/email/change/",
}


def scope(purpose: LinkPurpose) -> str:
    """What a link's token is derived for: a token of one purpose opens no other."""
    return f"account:{purpose}"


def is_live(link: AccountLink, user: User) -> bool:
    """Whether a link can be used: not used, not too old, and its account still has the address it was made for."""
    is_open = link.nonce is not None and clock.now() < link.expires_at
    return is_open and user.disabled_at is None and link.email_key == user.email_key


def url(link: AccountLink) -> str | None:
    """The link as it stands in the mail; ``None`` when it can no longer be used."""
    user = db.session.get(User, link.user_id)
    if user is None or link.nonce is None or not is_live(link, user):
        return None
    purpose = LinkPurpose(link.purpose)
    return absolute(_PATHS[purpose] + tokens.derive_token(scope(purpose), link.public_id, link.nonce))


def new_email(link: AccountLink) -> str:
    """The address that a link of purpose ``change`` brings."""
    if link.new_email_sealed is None:
        raise LookupError(link.purpose)
    return crypto.open_sealed(link.new_email_sealed, table="account_link", column="new_email", row=link.public_id)
