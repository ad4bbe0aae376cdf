"""Mails of coalitions, made from rows when they are sent."""

from __future__ import annotations

from advocacy.accounts import queries as accounts
from advocacy.coalitions import linking, queries
from advocacy.coalitions.models import Invitation
from advocacy.coalitions.words import INVITED_WORDS
from advocacy.core.db import db
from advocacy.messaging import render
from advocacy.web.manifest import Content, MailFacts


def invitation(facts: MailFacts) -> Content | None:
    """Offer a role; nothing when the invitation was taken back meanwhile."""
    found = db.session.get(Invitation, facts.object_id)
    url = linking.url(found) if found is not None else None
    if found is None or url is None:
        return None
    inviter = accounts.names([found.invited_by]).get(found.invited_by) if found.invited_by is not None else None
    return render.content(
        "coalitions/emails/invitation",
        facts.to,
        locale=facts.locale,
        coalition=queries.coalition(found.coalition_id),
        inviter=inviter,
        role=INVITED_WORDS[found.role],
        url=url,
        until=found.expires_at,
    )
