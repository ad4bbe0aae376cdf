"""Mails to accounts, made from rows when they are sent."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from advocacy.accounts import linking, queries
from advocacy.accounts.models import AccountLink, LinkPurpose, User
from advocacy.core.db import db
from advocacy.core.links import absolute
from advocacy.messaging import render
from advocacy.web.manifest import Content, MailFacts

NOTICES = {
    "password_changed": _l("The password of your account was changed."),
    "factor_added": _l("A second step for signing in was added to your account."),
    "factor_removed": _l("A second step for signing in was removed from your account."),
    "factors_reset": _l("Whoever runs this site removed the second steps from your account, so that you can sign in."),
    "codes_renewed": _l("New recovery codes were made for your account. The old ones no longer work."),
    "code_used": _l("A recovery code was used to sign in to your account."),
    "email_change_asked": _l("Somebody signed in to your account asked to change its e-mail address."),
    "email_changed": _l("Your account now has another e-mail address. It no longer uses this one."),
}


def link(facts: MailFacts) -> Content | None:
    """A link that acts on the account, once and within the hour."""
    found = db.session.get(AccountLink, facts.object_id)
    user = db.session.get(User, found.user_id) if found is not None else None
    url = linking.url(found) if found is not None else None
    if found is None or user is None or url is None:
        return None
    if found.purpose == LinkPurpose.CHANGE and queries.user_of_email(facts.to) is not None:
        return render.content("accounts/emails/address_taken", facts.to, locale=facts.locale)
    return render.content(
        f"accounts/emails/{found.purpose}",
        facts.to,
        locale=facts.locale,
        name=queries.open_name(user),
        url=url,
        until=found.expires_at,
    )


def notice(facts: MailFacts) -> Content | None:
    """What changed about the account, so that a stranger's act does not stay unseen."""
    user = db.session.get(User, facts.object_id)
    sentence = NOTICES.get(str(facts.params.get("what", "")))
    if user is None or sentence is None:
        return None
    return render.content(
        "accounts/emails/notice",
        facts.to,
        locale=facts.locale,
        name=queries.open_name(user),
        sentence=sentence,
        at=datetime.fromisoformat(str(facts.params["at"])),
        recover_url=absolute("/sign-in/recover"),
    )
