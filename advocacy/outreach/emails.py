"""Mails about contacts, promises and ledgers, made from rows when they are sent."""

from __future__ import annotations

from advocacy.coalitions import queries as coalition_queries
from advocacy.coalitions.organization_models import Membership
from advocacy.core.db import db
from advocacy.core.links import absolute
from advocacy.messaging import render
from advocacy.outreach import rules
from advocacy.outreach.models import ContactLog, LobbyingPeriod, PeriodState
from advocacy.outreach.position_models import Commitment, PromiseState
from advocacy.reminders import linking as reminders_linking
from advocacy.web.manifest import Content, MailFacts


def period_due(facts: MailFacts) -> Content | None:
    """Remind somebody who acts for an organization to close a quarter of its ledger."""
    period = db.session.get(LobbyingPeriod, facts.object_id)
    if period is None or period.state not in {PeriodState.OPEN, PeriodState.CLOSING}:
        return None
    return render.content(
        "outreach/emails/period_due",
        facts.to,
        locale=facts.locale,
        again_url=reminders_linking.again_url(facts),
        period=period,
        close_by=rules.close_by(period.year, period.quarter),
        organization=db.session.get_one(Membership, period.membership_id).name,
        coalition=coalition_queries.coalition(period.coalition_id),
        desk_url=absolute(f"/desk/lobbying?year={period.year}"),
    )


def follow_up(facts: MailFacts) -> Content | None:
    """Remind an organizer to follow up a contact."""
    row = db.session.get(ContactLog, facts.object_id)
    if row is None or row.removed_at is not None or row.follow_up_on is None or row.followed_up_at is not None:
        return None
    return render.content(
        "outreach/emails/follow_up",
        facts.to,
        locale=facts.locale,
        again_url=reminders_linking.again_url(facts),
        contact=row,
        coalition=coalition_queries.coalition(row.coalition_id),
        desk_url=absolute(f"/desk/contacts/{row.public_id}"),
    )


def promise_due(facts: MailFacts) -> Content | None:
    """Remind whoever holds the contact of a promise that is due."""
    row = db.session.get(Commitment, facts.object_id)
    if row is None or row.state != PromiseState.OPEN or row.due_on is None:
        return None
    return render.content(
        "outreach/emails/promise_due",
        facts.to,
        locale=facts.locale,
        again_url=reminders_linking.again_url(facts),
        promise=row,
        coalition=coalition_queries.coalition(row.coalition_id),
        desk_url=absolute(f"/desk/commitments/{row.public_id}"),
    )
