"""Giving and ending roles; each change ends the person's sessions, so that it holds at once."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select, update

from advocacy.accounts.models import User
from advocacy.accounts.services import sessions
from advocacy.audit import services as audit
from advocacy.coalitions import queries, rules
from advocacy.coalitions.models import Coalition, MembershipRole, RoleName
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, NotFound, RuleBroken


def grant_role(actor: Actor, coalition_id: int, user_id: int, role: str) -> MembershipRole:
    """Give an account a role in a coalition; giving it twice changes nothing.

    Raises: NotAllowed (also for one's own account), NotFound, RuleBroken (field ``role``).
    """
    rules.require(actor, "coalition.manage", coalition_id)
    if role not in set(RoleName):
        raise RuleBroken(_("There is no such role."), field="role")
    if actor.user_id is not None and actor.user_id == user_id:
        raise NotAllowed(_("Nobody gives a role to themselves. Please ask another administrator."))
    if db.session.get(User, user_id) is None:
        raise NotFound
    held = select(MembershipRole).where(
        MembershipRole.coalition_id == coalition_id,
        MembershipRole.user_id == user_id,
        MembershipRole.role == role,
        MembershipRole.ended_at.is_(None),
    )
    found = db.session.execute(held).scalar_one_or_none()
    if found is not None:
        return found
    sessions.end_sessions(user_id)  # first: the database takes no role beside a session that has no second factor
    made = MembershipRole(
        coalition_id=coalition_id, user_id=user_id, role=role, granted_by=actor.user_id, granted_at=clock.now()
    )
    db.session.add(made)
    db.session.flush()
    audit.record(actor, "role.granted", "user", user_id, coalition_id=coalition_id, facts={"role": role})
    return made


def grant_role_to_member(actor: Actor, coalition_id: int, public_id: str, role: str) -> MembershipRole:
    """Give one more role to somebody who holds one here; everybody else is invited.

    Raises: as ``grant_role``.
    """
    rules.require(actor, "coalition.manage", coalition_id)
    return grant_role(actor, coalition_id, queries.member_id(coalition_id, public_id), role)


def end_role(actor: Actor, coalition_id: int, role_id: int) -> None:
    """End a role.

    Raises: NotAllowed, NotFound, Conflict for the coalition's last administrator.
    """
    rules.require(actor, "coalition.manage", coalition_id)
    # Whoever ends an administrator's role holds this lock, so that two cannot end each other's as the last ones.
    db.session.execute(select(Coalition.id).where(Coalition.id == coalition_id).with_for_update())
    found = db.session.execute(
        select(MembershipRole).where(
            MembershipRole.coalition_id == coalition_id, MembershipRole.id == role_id, MembershipRole.ended_at.is_(None)
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    if found.role == RoleName.ADMIN and _other_admins(coalition_id, found.user_id) == 0:
        raise Conflict(_("This is the last administrator of the coalition. Make another one first."))
    db.session.execute(
        update(MembershipRole).where(MembershipRole.id == role_id).values(ended_at=clock.now(), ended_by=actor.user_id)
    )
    sessions.end_sessions(found.user_id)
    audit.record(actor, "role.ended", "user", found.user_id, coalition_id=coalition_id, facts={"role": found.role})


def _other_admins(coalition_id: int, user_id: int) -> int:
    rows = select(MembershipRole.user_id).join(User, User.id == MembershipRole.user_id)
    return len(
        db.session.execute(
            rows.where(
                MembershipRole.coalition_id == coalition_id,
                MembershipRole.role == RoleName.ADMIN,
                MembershipRole.ended_at.is_(None),
                MembershipRole.user_id != user_id,
                User.disabled_at.is_(None),
            )
        ).all()
    )
