"""Organizations in a coalition: bring one in, keep what is known of it, take it a step further."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from advocacy.audit import services as audit
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import organization_rules, rules, signals
from advocacy.coalitions.organization_models import (
    Leave,
    Membership,
    MembershipState,
    Organization,
    TaxStatus,
    Tier,
)
from advocacy.coalitions.services import picturing
from advocacy.coalitions.services.founding import checked_name
from advocacy.core import clock, crypto
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.core.text import fold

KIND = "membership"
VERB = "organizations.manage"
FOLD_LENGTH = 200


@dataclass(frozen=True)
class Terms:
    """What a coalition knows of an organization, as a person filled it in."""

    name: str
    tier: str = Tier.MEMBER
    website: str = ""
    mou_version: str = ""
    mou_signed_on: date | None = None
    logo_use: str = Leave.NEVER
    name_use: str = Leave.ASK_EACH
    tax_status: str = TaxStatus.OTHER
    h_election: bool = False
    may_lobby: bool = False
    is_lead: bool = False
    contact_name: str = ""
    contact_email: str = ""


def name_key(name: str) -> bytes:
    """The hash by which the same organization is found again, however its name is typed."""
    return hashlib.sha256(fold(name).encode("utf-8", "surrogatepass")).digest()


def add_organization(
    actor: Actor, coalition_id: int, terms: Terms, *, state: str = MembershipState.PENDING
) -> Membership:
    """Bring an organization into a coalition, known to the site or not.

    Raises: NotAllowed, RuleBroken, Conflict when it belongs already.
    """
    rules.require(actor, VERB, coalition_id)
    name = checked_name(terms.name)
    organization_id = _organization(name)
    now = clock.now()
    made = Membership(
        coalition_id=coalition_id,
        organization_id=organization_id,
        public_id=new_public_id(),
        state=state,
        created_at=now,
        joined_at=now if state == MembershipState.ACTIVE else None,
    )
    _fill(made, name, terms)
    _require_memorandum(made, state)
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        raise Conflict(_("This organization belongs to the coalition already."), field="name") from None
    audit.record(actor, "organization.added", KIND, made.id, coalition_id=coalition_id, facts={"tier": made.tier})
    if state == MembershipState.ACTIVE:
        _announce(made)
    return made


def change_organization(actor: Actor, public_id: str, terms: Terms, *, version: int) -> Membership:
    """Change what is known of an organization.

    Raises: NotFound, NotAllowed, RuleBroken; Conflict when somebody changed it since ``version``.
    """
    found = organizations.membership(actor, public_id, VERB)
    if found.version != version:
        raise Conflict(_("Somebody changed this meanwhile. Please look at it again and repeat your change."))
    if found.state == MembershipState.LEFT:
        raise RuleBroken(_("This organization has left. What is known of it stays as it was."))
    before = (found.tier, found.may_lobby)
    _fill(found, checked_name(terms.name), terms)
    _require_memorandum(found, found.state)
    db.session.flush()
    facts = {"tier": [before[0], found.tier], "may_lobby": [before[1], found.may_lobby]}
    audit.record(actor, "organization.changed", KIND, found.id, coalition_id=found.coalition_id, facts=facts)
    return found


def move_organization(actor: Actor, public_id: str, state: str) -> Membership:
    """Take a membership a step further; what it allowed ends or begins with this transaction.

    Announces: ``membership_activated``, ``membership_ended``. Raises: NotFound, NotAllowed, Conflict, RuleBroken.
    """
    found = organizations.membership(actor, public_id, VERB)
    before = found.state
    if not organization_rules.is_step(before, state):
        raise Conflict(_("This organization has moved on, so this step is no longer open. Please look at it again."))
    _require_memorandum(found, state)
    now = clock.now()
    found.state = state
    if state == MembershipState.ACTIVE and found.joined_at is None:
        found.joined_at = now
    if state == MembershipState.LEFT:
        found.left_at, found.is_lead = now, False
    db.session.flush()
    if state == MembershipState.LEFT:
        picturing.drop_logo(actor, found)
    audit.record(
        actor, f"organization.{state}", KIND, found.id, coalition_id=found.coalition_id, facts={"from": before}
    )
    if state == MembershipState.ACTIVE:
        _announce(found)
    elif before == MembershipState.ACTIVE:
        signals.membership_ended.send(
            membership_id=found.id, coalition_id=found.coalition_id, organization_id=found.organization_id
        )
    return found


def _announce(made: Membership) -> None:
    signals.membership_activated.send(
        membership_id=made.id, coalition_id=made.coalition_id, organization_id=made.organization_id
    )


def _organization(name: str) -> int:
    """The organization of this name, made when the site does not know it yet."""
    key = name_key(name)
    wanted = select(Organization.id).where(Organization.name_key == key)
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is not None:
        return found
    try:
        with db.session.begin_nested():
            made = Organization(public_id=new_public_id(), name=name, name_key=key, created_at=clock.now())
            db.session.add(made)
            db.session.flush()
            return made.id
    except IntegrityError:  # another request made the same one at this moment
        return db.session.execute(wanted).scalar_one()


def _fill(row: Membership, name: str, terms: Terms) -> None:
    for column, value, known in (
        ("tier", terms.tier, Tier),
        ("logo_use", terms.logo_use, Leave),
        ("name_use", terms.name_use, Leave),
        ("tax_status", terms.tax_status, TaxStatus),
    ):
        if value not in set(known):
            raise RuleBroken(_("Choose one of the answers."), field=column)
        setattr(row, column, value)
    if terms.h_election and terms.tax_status != TaxStatus.C3:
        raise RuleBroken(_("Only a 501(c)(3) charity can make this election."), field="h_election")
    if bool(terms.mou_version) != (terms.mou_signed_on is not None):
        raise RuleBroken(_("Give both: which version was signed, and when."), field="mou_signed_on")
    if terms.is_lead and not row.is_lead:
        _end_lead(row.coalition_id)
    row.name, row.name_fold = name, fold(name)[:FOLD_LENGTH]
    row.website = terms.website
    row.mou_version, row.mou_signed_on = terms.mou_version or None, terms.mou_signed_on
    row.h_election, row.may_lobby, row.is_lead = terms.h_election, terms.may_lobby, terms.is_lead
    row.contact_name = _sealed(row, "contact_name", terms.contact_name)
    row.contact_email = _sealed(row, "contact_email", terms.contact_email)


def _sealed(row: Membership, column: str, plain: str) -> bytes | None:
    if not plain:
        return None
    return crypto.seal(f"coalition:{row.coalition_id}", plain, table=KIND, column=column, row=row.public_id)


def _require_memorandum(row: Membership, state: str) -> None:
    if state == MembershipState.ACTIVE and organization_rules.needs_memorandum(row):
        raise RuleBroken(
            _("Who decides has signed the memorandum first. Note its version and the day of the signature."),
            field="mou_version",
        )


def _end_lead(coalition_id: int) -> None:
    """One organization leads at a time: before another is named, the present one ends."""
    present = (Membership.coalition_id == coalition_id, Membership.is_lead)
    db.session.execute(update(Membership).where(*present).values(is_lead=False, version=Membership.version + 1))
