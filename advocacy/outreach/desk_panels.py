"""What outreach puts on the start page and on a person's page: what to follow up, what to enter, who knows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from advocacy.accounts import queries as accounts
from advocacy.campaigns.queries import bills as campaign_bills
from advocacy.civic.services.people import CHAMBERS
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import rules as coalition_rules
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.outreach import contact_queries, queries, whip_queries
from advocacy.outreach import lawmaker_queries as lawmakers
from advocacy.outreach import position_queries as positions
from advocacy.outreach.words import CONTACT_WORDS, STRENGTHS
from advocacy.web.manifest import Panel
from advocacy.web.templating import part

SOON = timedelta(days=7)


def _due(actor: Actor, facts: Mapping[str, Any]) -> Markup | None:
    """Contacts to follow up, and promises that are due."""
    del facts
    if actor.coalition_id is None or not coalition_rules.can(actor, queries.MANAGE):
        return None
    until = (clock.now() + SOON).date()
    rows = contact_queries.follow_ups(actor, until)
    promises = positions.due(actor, until) if coalition_rules.can(actor, positions.VIEW) else []
    return part("outreach/_due.html", rows=rows, promises=promises) if rows or promises else None


def _waiting(actor: Actor, facts: Mapping[str, Any]) -> Markup | None:
    """Letters that lobby, handed over, for the ledger of the organization that this person acts for."""
    del facts
    if actor.coalition_id is None or not coalition_rules.can(actor, queries.KEEP):
        return None
    membership = organizations.acting_for(actor)
    prompts = queries.prompts(membership) if membership is not None else []
    return part("outreach/_waiting.html", prompts=prompts) if prompts else None


def _of_legislator(actor: Actor, facts: Mapping[str, Any]) -> Markup | None:
    """Who of us holds the contact to somebody in office, and when they were reached last."""
    if actor.coalition_id is None or not coalition_rules.can(actor, queries.VIEW):
        return None
    key: str = facts["key"]
    row = lawmakers.relationship(actor.coalition_id, key)
    is_held = row is not None and row.user_id in lawmakers.may_hold(actor.coalition_id)
    return part(
        "outreach/_of_legislator.html",
        key=key,
        relationship=row if is_held else None,
        holder=accounts.names({row.user_id}).get(row.user_id) if row is not None and row.user_id is not None else None,
        contacts=contact_queries.of_lawmaker(actor, key, 3),
        kind_words=CONTACT_WORDS,
        strengths=STRENGTHS,
        may_manage=coalition_rules.can(actor, queries.MANAGE),
    )


def _of_bill(actor: Actor, facts: Mapping[str, Any]) -> Markup | None:
    """The way to the votes on a bill, and to the contacts about it."""
    if actor.coalition_id is None or not coalition_rules.can(actor, queries.VIEW):
        return None
    bill = facts["bill"]
    sees_votes = coalition_rules.can(actor, positions.VIEW)
    counts = whip_queries.counts(actor, bill) if sees_votes else []
    return part("outreach/_of_bill.html", bill=bill, counts=counts, sees_votes=sees_votes, chambers=CHAMBERS)


def _of_campaign(actor: Actor, facts: Mapping[str, Any]) -> Markup | None:
    """The way from a campaign to the votes on its bills."""
    if actor.coalition_id is None or not coalition_rules.can(actor, positions.VIEW):
        return None
    bills = campaign_bills.bills_of(facts["campaign"])
    return part("outreach/_of_campaign.html", bills=bills) if bills else None


PANELS = (
    Panel("bill.more", _of_bill, order=20),
    Panel("campaign.desk", _of_campaign, order=20),
    Panel("desk.due", _due, order=40),
    Panel("desk.waiting", _waiting, order=10),
    Panel("legislator.more", _of_legislator, order=20),
)
