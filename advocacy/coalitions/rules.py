"""What each role may do: the one place that says so."""

from __future__ import annotations

import re
from collections.abc import Collection
from zoneinfo import available_timezones

from flask_babel import gettext as _

from advocacy.coalitions.models import REPRESENTATIVE, SEAT_HOLDER, RoleName
from advocacy.core.actor import Actor
from advocacy.core.errors import NotAllowed

_SLUG = re.compile(r"\A[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?\Z")

PARTNER = "partner"
"""Held by whoever acts for an organization of the tier partner: it sees what is shared with it, nothing else."""

# What everybody who belongs may read; decisions, seats and organizations concern them all.
_TOGETHER = frozenset({"organizations.view", "decisions.view", "committees.view"})
_READER = frozenset(
    {
        "coalition.view",
        "petitions.view",
        "campaigns.view",
        "hearings.view",
        "deadlines.view",
        "directory.view",
        "signons.view",
        "outreach.view",
    }
)
_WORKER = frozenset(
    {
        "petitions.manage",
        "petitions.export",
        "campaigns.manage",
        "hearings.manage",
        "deadlines.manage",
        "decisions.manage",
        "partners.view",
        "partners.manage",
        "signons.manage",
        "outreach.manage",
        "whip.manage",
        "directory.notes",
        "directory.manage",
        "mailings.manage",
        "mailings.send",
        "mailings.approve",
    }
)
# Where lawmakers stand, what they promised, what is written to whom: the coalition's working papers, not for guests.
_COUNTER = frozenset({"whip.view", "mailings.view"})
_GOVERNOR = frozenset({"coalition.manage", "organizations.manage", "committees.manage", "audit.view", "ops.view"})
# A role that is missing here may do nothing at the desk.
CAPABILITIES: dict[str, frozenset[str]] = {
    RoleName.ADMIN: _TOGETHER | _READER | _COUNTER | _WORKER | _GOVERNOR,
    RoleName.ORGANIZER: _TOGETHER | _READER | _COUNTER | _WORKER,
    RoleName.VOLUNTEER: _TOGETHER | _READER | _COUNTER | {"directory.notes"},
    RoleName.SPEAKER: frozenset({"directory.view"}),
    RoleName.CARE_LEAD: _TOGETHER | {"coalition.view", "directory.view"},
    RoleName.REVIEWER: _TOGETHER | _READER | _COUNTER | {"mailings.approve"},
    RoleName.GRIEVANCE_OFFICER: _TOGETHER | {"coalition.view", "directory.view"},
    RoleName.OBSERVER: _TOGETHER | _READER,
    REPRESENTATIVE: _TOGETHER | {"decisions.vote", "partners.own", "lobbying.keep"},
    PARTNER: frozenset({"partners.own"}),
    # A seat shows its own committee and what it has a voice in; nothing else of the coalition.
    SEAT_HOLDER: frozenset({"decisions.view", "committees.view"}),
}
# Who looks after other people's data: these roles need a second factor (domain I-004, requirement N-03).
STAFF_ROLES = frozenset(
    {RoleName.ADMIN, RoleName.ORGANIZER, RoleName.CARE_LEAD, RoleName.REVIEWER, RoleName.GRIEVANCE_OFFICER}
)
# Platform administrators run the house; what coalitions gather is not theirs to read.
PLATFORM_CAPABILITIES: dict[str, frozenset[str]] = {
    "admin": frozenset(
        {"coalition.view", "coalition.manage", "audit.view", "ops.view", "ops.run", "civic.manage", "lookups.settle"}
    )
}


def can(actor: Actor, verb: str) -> bool:
    """Whether the actor holds a capability in the coalition in view, or on the whole platform."""
    if actor.is_system:
        return True
    return any(verb in CAPABILITIES.get(role, ()) for role in actor.roles) or any(
        verb in PLATFORM_CAPABILITIES.get(role, ()) for role in actor.platform_roles
    )


def sees_all(actor: Actor) -> bool:
    """Whether somebody reads all decisions and committees, or only what their own seat concerns."""
    return can(actor, "organizations.view")


def is_staff(roles: Collection[str], platform_roles: Collection[str]) -> bool:
    """Whether any of these roles looks after other people's data."""
    return not STAFF_ROLES.isdisjoint(roles) or bool(platform_roles)


def home_of(roles: Collection[str], platform_roles: Collection[str]) -> str:
    """Where the work of somebody with these roles begins."""
    at_desk = {"coalition.view", "decisions.view", "partners.own"}
    sees_desk = any(at_desk & CAPABILITIES.get(role, frozenset()) for role in roles) or bool(platform_roles)
    return "/desk" if sees_desk else "/account"


def roles_with(verb: str) -> frozenset[str]:
    """The roles in a coalition that hold a capability."""
    return frozenset(str(role) for role, verbs in CAPABILITIES.items() if verb in verbs)


def require(actor: Actor, verb: str, coalition_id: int | None = None) -> None:
    """Refuse an actor without the capability, or whose coalition in view is another than the object's.

    Raises: NotAllowed.
    """
    is_elsewhere = coalition_id is not None and not actor.is_system and actor.coalition_id != coalition_id
    if is_elsewhere or not can(actor, verb):
        raise NotAllowed(_("Your role does not allow this. An administrator of your coalition can change roles."))


def is_slug(text: str) -> bool:
    """Whether a text can name a coalition in a URL."""
    return _SLUG.match(text) is not None


def is_timezone(name: str) -> bool:
    """Whether the zone database knows this name."""
    return name in available_timezones()
