"""Who is reminded of contacts, promises and ledgers, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import queries as coalition_queries
from advocacy.coalitions.organization_models import Membership, MembershipState, Tier
from advocacy.core.db import db
from advocacy.outreach import lawmaker_queries as lawmakers
from advocacy.outreach import position_queries as positions
from advocacy.outreach import queries, rules
from advocacy.outreach.models import ContactLog, LobbyingPeriod
from advocacy.outreach.position_models import Commitment, PromiseState
from advocacy.outreach.services import closing, contacting, promising
from advocacy.reminders.rules import Wall
from advocacy.web.manifest import ReminderKind
from advocacy.web.offers import About

FOLLOW_UP_MAIL = "outreach.follow_up"
PERIOD_MAIL = "outreach.period_due"
PROMISE_MAIL = "outreach.promise_due"
MORNING = "09:00"


def _recipients(contact_id: int) -> list[int]:
    """Whoever noted it, as long as they may; else everybody who looks after contacts."""
    row = db.session.get(ContactLog, contact_id)
    if row is None:
        return []
    everybody = coalition_queries.user_ids_with(row.coalition_id, queries.MANAGE)
    return [row.entered_by] if row.entered_by in everybody else everybody


def _still_matters(contact_id: int, rev: int) -> bool:
    del rev
    row = db.session.get(ContactLog, contact_id)
    return row is not None and row.removed_at is None and row.follow_up_on is not None and row.followed_up_at is None


def _holders(commitment_id: int) -> list[int]:
    """Whoever holds the contact to the lawmaker, as long as they may; else everybody who looks after promises."""
    row = db.session.get(Commitment, commitment_id)
    if row is None:
        return []
    everybody = coalition_queries.user_ids_with(row.coalition_id, positions.MANAGE)
    held = lawmakers.relationship(row.coalition_id, row.legislator_key)
    may = set(coalition_queries.user_ids_with(row.coalition_id, positions.VIEW))
    return [held.user_id] if held is not None and held.user_id in may else everybody


def _is_open(commitment_id: int, rev: int) -> bool:
    del rev
    row = db.session.get(Commitment, commitment_id)
    return row is not None and row.state == PromiseState.OPEN and row.due_on is not None


def _keepers(period_id: int) -> list[int]:
    """Whoever acts for the organization now and may close its quarter; nobody of another one."""
    period = db.session.get(LobbyingPeriod, period_id)
    if period is None:
        return []
    membership = db.session.get_one(Membership, period.membership_id)
    if membership.state != MembershipState.ACTIVE or membership.tier == Tier.PARTNER:
        return []
    people = organizations.representatives(period.coalition_id, [membership.id])
    return [one.user_id for one in people if not one.is_disabled]


def _is_not_closed(period_id: int, rev: int) -> bool:
    del rev
    period = db.session.get(LobbyingPeriod, period_id)
    return period is not None and period.state in rules.TAKES_ENTRIES


# No title: what lawmakers and organizations said to each other is read on the thing's own page.
def _about_contacts(contact_ids: Sequence[int]) -> Mapping[int, About]:
    rows = db.session.scalars(select(ContactLog).where(ContactLog.id.in_(contact_ids)))
    return {row.id: About(row.public_id, url=f"/desk/contacts/{row.public_id}") for row in rows}


def _about_promises(commitment_ids: Sequence[int]) -> Mapping[int, About]:
    rows = db.session.scalars(select(Commitment).where(Commitment.id.in_(commitment_ids)))
    return {row.id: About(row.public_id, url=f"/desk/commitments/{row.public_id}") for row in rows}


def _about_periods(period_ids: Sequence[int]) -> Mapping[int, About]:
    rows = db.session.scalars(select(LobbyingPeriod).where(LobbyingPeriod.id.in_(period_ids)))
    return {
        row.id: About(row.public_id, f"Q{row.quarter} {row.year}", f"/desk/lobbying?year={row.year}") for row in rows
    }


CLOSE_PERIOD = ReminderKind(
    name=closing.DEADLINE,
    offsets={"14d": Wall(14), "3d": Wall(3)},
    recipients=_keepers,
    still_matters=_is_not_closed,
    mail=PERIOD_MAIL,
    is_owed=True,
    label=_l("A lobbying quarter is to be closed"),
    about=_about_periods,
)
PROMISE = ReminderKind(
    name=promising.DEADLINE,
    offsets={"7d": Wall(7, MORNING), "1d": Wall(1, MORNING)},
    recipients=_holders,
    still_matters=_is_open,
    mail=PROMISE_MAIL,
    label=_l("A promise is due"),
    about=_about_promises,
    view=positions.VIEW,
)
FOLLOW_UP = ReminderKind(
    name=contacting.DEADLINE,
    offsets={"1d": Wall(1)},
    recipients=_recipients,
    still_matters=_still_matters,
    mail=FOLLOW_UP_MAIL,
    is_owed=True,
    label=_l("A contact is to be followed up"),
    about=_about_contacts,
    view=queries.VIEW,
)
