"""Organizations' logos: stored, replaced, removed, and gone with the organization."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from advocacy.audit import services as audit
from advocacy.coalitions import logo_queries as logos
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import rules
from advocacy.coalitions.logo_models import OrganizationLogo
from advocacy.coalitions.organization_models import Membership, MembershipState
from advocacy.coalitions.pictures import Picture
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict

KIND = "membership"
MANAGE, OWN = "organizations.manage", "partners.own"


def store_logo(actor: Actor, membership: Membership, picture: Picture, *, version: int) -> OrganizationLogo:
    """Keep an organization's logo, in the place of the one before it; ``version`` is that one's, 0 without one.

    Raises: NotAllowed; Conflict when the organization has left, or somebody was faster.
    """
    _require(actor, membership)
    # Whoever notes that it leaves holds this row too: no logo comes in behind the one that was deleted.
    state = select(Membership.state).where(Membership.id == membership.id).with_for_update()
    if db.session.execute(state).scalar_one() == MembershipState.LEFT:
        raise Conflict(_("This organization has left, so no logo is kept."))
    found = logos.of_membership(membership)
    if (found.version if found is not None else 0) != version:
        raise Conflict(_("Somebody changed this meanwhile. Please look at it again and repeat your change."))
    action = "logo.stored" if found is None else "logo.replaced"
    kept = found or OrganizationLogo(coalition_id=membership.coalition_id, membership_id=membership.id)
    kept.png, kept.sha256 = picture.png, picture.sha256
    kept.width, kept.height = picture.width, picture.height
    kept.uploaded_by, kept.created_at = actor.user_id, clock.now()
    try:
        with db.session.begin_nested():
            db.session.add(kept)
            db.session.flush()
    except IntegrityError:  # SQLite has one writer, PostgreSQL the lock above; this is for whoever finds a third way
        raise Conflict(_("Somebody changed this meanwhile. Please look at it again and repeat your change.")) from None
    _record(actor, action, membership, kept.sha256)
    return kept


def remove_logo(actor: Actor, membership: Membership) -> None:
    """Delete an organization's logo; without one nothing changes.

    Raises: NotAllowed.
    """
    _require(actor, membership)
    drop_logo(actor, membership)


def drop_logo(actor: Actor, membership: Membership) -> None:
    """Delete the logo of an organization, whoever asks: it goes when the organization leaves (domain K8)."""
    gone = delete(OrganizationLogo).where(
        OrganizationLogo.coalition_id == membership.coalition_id, OrganizationLogo.membership_id == membership.id
    )
    digest = db.session.execute(gone.returning(OrganizationLogo.sha256)).scalar_one_or_none()
    if digest is not None:
        _record(actor, "logo.deleted", membership, digest)


def _require(actor: Actor, membership: Membership) -> None:
    """Let in who acts for the organization, and who looks after the coalition's organizations."""
    mine = organizations.acting_for(actor) if rules.can(actor, OWN) and not actor.is_system else None
    if mine is None or mine.id != membership.id:
        rules.require(actor, MANAGE, membership.coalition_id)


def _record(actor: Actor, action: str, membership: Membership, digest: str) -> None:
    audit.record(actor, action, KIND, membership.id, coalition_id=membership.coalition_id, facts={"sha256": digest})
