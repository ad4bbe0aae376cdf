"""Who acts for an organization in a coalition: seats given and ended; each change ends the person's sessions."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from advocacy.accounts.models import User
from advocacy.accounts.services import sessions
from advocacy.audit import services as audit
from advocacy.coalitions import rules
from advocacy.coalitions.organization_models import Membership, MembershipPerson, MembershipState
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, NotFound

VERB = "organizations.manage"


def give_representation(actor: Actor, membership: Membership, user_id: int) -> MembershipPerson:
    """Let an account act for an organization; giving it twice changes nothing.

    Raises: NotAllowed (also for one's own account), NotFound, Conflict when the person acts for another one here.
    """
    rules.require(actor, VERB, membership.coalition_id)
    if actor.user_id is not None and actor.user_id == user_id:
        raise NotAllowed(_("Nobody gives themselves a voice. Please ask another administrator."))
    if db.session.get(User, user_id) is None:
        raise NotFound
    if membership.state == MembershipState.LEFT:
        raise Conflict(_("This organization has left, so nobody can act for it."))
    live = select(MembershipPerson).where(
        MembershipPerson.coalition_id == membership.coalition_id,
        MembershipPerson.user_id == user_id,
        MembershipPerson.ended_at.is_(None),
    )
    found = db.session.execute(live).scalar_one_or_none()
    if found is not None and found.membership_id == membership.id:
        return found
    made = MembershipPerson(
        coalition_id=membership.coalition_id,
        membership_id=membership.id,
        user_id=user_id,
        added_by=actor.user_id,
        started_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        raise Conflict(
            _("This person acts for another organization of this coalition. End that first."), field="person"
        ) from None
    sessions.end_sessions(user_id)
    _record(actor, "representation.given", made)
    return made


def end_representation(actor: Actor, membership: Membership, seat_id: int) -> None:
    """End somebody's right to act for an organization.

    Raises: NotAllowed, NotFound.
    """
    rules.require(actor, VERB, membership.coalition_id)
    found = db.session.execute(
        select(MembershipPerson)
        .where(
            MembershipPerson.coalition_id == membership.coalition_id,
            MembershipPerson.membership_id == membership.id,
            MembershipPerson.id == seat_id,
            MembershipPerson.ended_at.is_(None),
        )
        .with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    found.ended_at, found.ended_by = clock.now(), actor.user_id
    db.session.flush()
    sessions.end_sessions(found.user_id)
    _record(actor, "representation.ended", found)


def _record(actor: Actor, action: str, seat: MembershipPerson) -> None:
    audit.record(
        actor,
        action,
        "user",
        seat.user_id,
        coalition_id=seat.coalition_id,
        facts={"membership_id": seat.membership_id},
    )
