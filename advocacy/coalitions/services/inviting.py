"""Inviting people to a role: a mailed link, good for seven days, used once, dead when its sender may invite no more."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, or_, select

from advocacy.accounts import queries as accounts
from advocacy.accounts.models import User
from advocacy.accounts.services import passwords, registering
from advocacy.audit import services as audit
from advocacy.coalitions import committee_queries as committees
from advocacy.coalitions import linking, queries, rules
from advocacy.coalitions.models import REPRESENTATIVE, SEAT_HOLDER, Invitation, InvitationState, RoleName
from advocacy.coalitions.organization_models import Membership
from advocacy.coalitions.services import granting, representing, seating
from advocacy.core import clock, crypto, tokens, uow
from advocacy.core.actor import Actor, Channel, system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, Gone, NotAllowed, NotFound, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.messaging.services import sending
from advocacy.web import limits

OPEN_FOR = timedelta(days=7)
MAIL = "coalitions.invitation"
DAY_S = 86_400


def invite(actor: Actor, coalition_id: int, email: str, role: str) -> Invitation:
    """Offer a role to an address, whether it has an account or not; offering it again sends a new link.

    Raises: NotAllowed, TooMany, RuleBroken (field ``email`` or ``role``).
    """
    rules.require(actor, "coalition.manage", coalition_id)
    if role not in set(RoleName):
        raise RuleBroken(_("There is no such role."), field="role")
    return _offer(actor, coalition_id, email, role, None)


def invite_representative(actor: Actor, membership: Membership, email: str) -> Invitation:
    """Offer an address the right to act for an organization.

    Raises: as ``invite``.
    """
    rules.require(actor, representing.VERB, membership.coalition_id)
    return _offer(actor, membership.coalition_id, email, REPRESENTATIVE, membership.id)


def invite_to_seat(
    actor: Actor, committee_id: str, number: int, email: str, until_on: date | None = None
) -> Invitation:
    """Offer a free seat of a committee to an address, whether it has an account or not; its holder needs no other role.

    Raises: NotFound; Conflict when the seat is taken or offered to somebody else; as ``invite``.
    """
    found = committees.committee(actor, committee_id, seating.VERB)
    seat = seating.seat_of(found, number)
    if until_on is not None and until_on < clock.now().date():
        raise RuleBroken(_("Choose a day that is still to come."), field="until_on")
    email = registering.checked_email(email)
    key = accounts.email_key(email)
    if committees.holders([seat.id]):
        raise Conflict(_("This seat is taken."), field="seat")
    held = db.session.execute(select(User.id).where(User.email_key == key)).scalar_one_or_none()
    if held is not None and held in committees.holders(one.seat_id for one in committees.seats(found.id)):
        raise RuleBroken(_("This person holds a seat of this committee already."), field="email")
    other = select(Invitation.id).where(
        Invitation.coalition_id == found.coalition_id,
        Invitation.state == InvitationState.OPEN,
        or_(
            (Invitation.seat_id == seat.id) & (Invitation.email_key != key),
            (Invitation.seat_id != seat.id) & (Invitation.email_key == key),
        ),
    )
    if db.session.execute(other.limit(1)).scalar_one_or_none() is not None:
        raise Conflict(
            _("This seat or this address has an invitation that waits. Take that one back first."), field="email"
        )
    return _offer(actor, found.coalition_id, email, SEAT_HOLDER, None, seat_id=seat.id, until_on=until_on)


def _offer(
    actor: Actor,
    coalition_id: int,
    email: str,
    role: str,
    membership_id: int | None,
    *,
    seat_id: int | None = None,
    until_on: date | None = None,
) -> Invitation:
    email = registering.checked_email(email)
    key = accounts.email_key(email)
    _refuse_needless(actor, coalition_id, key, role)
    if actor.user_id is not None:
        limits.require("invite_user", str(actor.user_id), DAY_S)
    now = clock.now()
    found = _open_invitation(coalition_id, key, role)
    if found is None:
        public_id = new_public_id()
        found = Invitation(
            public_id=public_id,
            coalition_id=coalition_id,
            email_sealed=crypto.seal(
                f"coalition:{coalition_id}", email, table="invitation", column="email", row=public_id
            ),
            email_key=key,
            role=role,
            state=InvitationState.OPEN,
            created_at=now,
        )
        db.session.add(found)
    found.membership_id, found.seat_id, found.until_on = membership_id, seat_id, until_on
    found.nonce, found.expires_at, found.invited_by = new_public_id(), now + OPEN_FOR, actor.user_id
    db.session.flush()
    _send(found, email)
    facts = {"role": role} | ({"membership_id": membership_id} if membership_id else {})
    facts |= {"seat_id": seat_id} if seat_id else {}
    audit.record(actor, "invitation.sent", "invitation", found.id, coalition_id=coalition_id, facts=facts)
    return found


def revoke(actor: Actor, coalition_id: int, public_id: str) -> None:
    """Take an invitation back; its link dies.

    Raises: NotAllowed, NotFound.
    """
    rules.require(actor, "coalition.manage", coalition_id)
    wanted = select(Invitation).where(
        Invitation.coalition_id == coalition_id,
        Invitation.public_id == public_id,
        Invitation.state == InvitationState.OPEN,
    )
    found = db.session.execute(wanted.with_for_update()).scalar_one_or_none()
    if found is None:
        raise NotFound
    found.state, found.nonce, found.settled_at = InvitationState.REVOKED, None, clock.now()
    audit.record(actor, "invitation.revoked", "invitation", found.id, coalition_id=coalition_id)


def require_invitation(token: str, *, lock: bool = False) -> Invitation:
    """The invitation behind a link while it can be accepted.

    Raises: Gone, in the same words whatever the reason.
    """
    wanted = select(Invitation).where(Invitation.public_id == (tokens.token_subject(token) or ""))
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = db.session.execute(wanted).scalar_one_or_none()
    if (
        found is None
        or not tokens.is_derived_token(token, linking.PURPOSE, found.public_id, found.nonce)
        or not linking.is_open(found)
        or not _may_still_invite(found)
    ):
        raise Gone(
            _("This invitation was used, taken back, or has expired. Please ask an administrator for a new one.")
        )
    return found


def accept(token: str) -> None:
    """Give the role to the account that the invited address has.

    Raises: Gone, NotAllowed (whoever invites cannot accept), RuleBroken when the address has no account yet.
    """
    invitation = require_invitation(token, lock=True)
    user = accounts.user_of_email(linking.email_of(invitation))
    if user is None or user.disabled_at is not None:
        raise RuleBroken(_("This address has no account yet. Please choose a name and a password."))
    user.email_verified_at = user.email_verified_at or clock.now()  # the link proved the mailbox
    _settle(invitation, user)


def accept_as_new(token: str, *, name: str, password: str) -> None:
    """Make an account for the invited address, and give it the role.

    Needs: no open writing transaction.
    Raises: Gone, Conflict when the address came to an account meanwhile, RuleBroken (field ``name`` or ``password``).
    """
    with uow.reading():
        email = linking.email_of(require_invitation(token))
    name = registering.checked_name(name)
    registering.check_password(password, email=email, name=name)
    stored = passwords.hash_password(password)
    invitation = require_invitation(token, lock=True)
    actor = Actor(coalition_id=invitation.coalition_id, channel=Channel.WEB)
    user = registering.add_user(actor, email=email, name=name, password_hash=stored, is_verified=True)
    _settle(invitation, user)


def purge(before: datetime, limit: int) -> int:
    """Forget invitations whose time ended before ``before``, accepted or not."""
    ids = select(Invitation.id).where(Invitation.expires_at < before).limit(limit)
    gone = delete(Invitation).where(Invitation.id.in_(ids)).execution_options(synchronize_session=False)
    return int(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]


def _settle(invitation: Invitation, user: User) -> None:
    if user.id == invitation.invited_by:
        raise NotAllowed(_("Nobody gives a role to themselves. Please ask another administrator."))
    invitation.state, invitation.nonce = InvitationState.ACCEPTED, None
    invitation.accepted_by, invitation.settled_at = user.id, clock.now()
    giver = _giver(invitation)
    if invitation.membership_id is not None:
        membership = db.session.get_one(Membership, invitation.membership_id)
        representing.give_representation(giver, membership, user.id)
    elif invitation.seat_id is not None:
        seating.give_offered_seat(giver, invitation.seat_id, user.id, invitation.until_on)
    else:
        granting.grant_role(giver, invitation.coalition_id, user.id, invitation.role)
    audit.record(
        Actor(user_id=user.id, coalition_id=invitation.coalition_id, channel=Channel.WEB),
        "invitation.accepted",
        "invitation",
        invitation.id,
        coalition_id=invitation.coalition_id,
    )


def _giver(invitation: Invitation) -> Actor:
    """Whoever invited, with the rights they hold today: the role is theirs to give, not the invited person's."""
    if invitation.invited_by is None:
        return system_actor(Channel.WEB, invitation.coalition_id)
    return Actor(
        user_id=invitation.invited_by,
        coalition_id=invitation.coalition_id,
        roles=queries.roles_by_coalition(invitation.invited_by).get(invitation.coalition_id, frozenset()),
        platform_roles=accounts.platform_roles(invitation.invited_by),
    )


def _may_still_invite(invitation: Invitation) -> bool:
    if invitation.invited_by is None:
        return True
    inviter = db.session.get(User, invitation.invited_by)
    is_active = inviter is not None and inviter.disabled_at is None
    verb = "coalition.manage"
    if invitation.membership_id is not None:
        verb = representing.VERB
    elif invitation.seat_id is not None:
        verb = seating.VERB
    return is_active and rules.can(_giver(invitation), verb)


def _open_invitation(coalition_id: int, key: bytes, role: str) -> Invitation | None:
    return db.session.execute(
        select(Invitation).where(
            Invitation.coalition_id == coalition_id,
            Invitation.email_key == key,
            Invitation.role == role,
            Invitation.state == InvitationState.OPEN,
        )
    ).scalar_one_or_none()


def _refuse_needless(actor: Actor, coalition_id: int, key: bytes, role: str) -> None:
    """Refuse one's own address, and who holds the role already: both are seen on the same page anyway."""
    user = db.session.execute(select(User).where(User.email_key == key)).scalar_one_or_none()
    if user is None:
        return
    if user.id == actor.user_id:
        raise RuleBroken(_("Nobody gives a role to themselves. Please ask another administrator."), field="email")
    if role == SEAT_HOLDER:  # one person may hold seats in several committees
        return
    same = {REPRESENTATIVE, rules.PARTNER} if role == REPRESENTATIVE else {role}
    if same & queries.roles_by_coalition(user.id).get(coalition_id, frozenset()):
        raise RuleBroken(_("This person has this role already."), field="email")


def _send(invitation: Invitation, email: str) -> None:
    sending.queue_mail(
        kind=MAIL,
        to=email,
        coalition_id=invitation.coalition_id,
        object_kind="invitation",
        object_id=invitation.id,
        locale=queries.coalition(invitation.coalition_id).locale,
    )
