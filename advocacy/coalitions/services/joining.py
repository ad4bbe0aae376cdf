"""Requests to join from the public page: taken in with the same answer always, answered at the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import CursorResult, delete, select
from sqlalchemy.exc import IntegrityError

from advocacy.audit import services as audit
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import queries
from advocacy.coalitions.models import Coalition, CoalitionState
from advocacy.coalitions.organization_models import JoinRequest, JoinState, Membership, MembershipState, Tier
from advocacy.coalitions.services import telling
from advocacy.coalitions.services.founding import checked_name
from advocacy.coalitions.services.organizing import Terms, add_organization
from advocacy.core import clock, crypto, logs
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound
from advocacy.core.ids import new_public_id
from advocacy.core.text import fold
from advocacy.messaging.services import sending

log = logs.get("coalitions")
KIND = "join_request"
VERB = "organizations.manage"
ASKED_MAIL = "coalitions.join_asked"
ACCEPTED_MAIL = "coalitions.join_accepted"
DECLINED_MAIL = "coalitions.join_declined"


def ask_to_join(
    coalition: Coalition,
    *,
    organization: str,
    contact_name: str,
    contact_email: str,
    message: str,
    locale: str,
    is_trapped: bool,
) -> None:
    """Keep a request and write to whoever can answer it; robots and repeats get the same answer and leave nothing.

    Raises: NotFound for a coalition that is dissolved, RuleBroken (field ``name``).
    """
    if coalition.state == CoalitionState.DISSOLVED:
        raise NotFound
    name = checked_name(organization)
    if is_trapped:
        log.info("join_request_trapped", coalition_id=coalition.id)
        return
    public_id = new_public_id()

    def sealed(column: str, plain: str) -> bytes:
        return crypto.seal(f"coalition:{coalition.id}", plain, table=KIND, column=column, row=public_id)

    made = JoinRequest(
        coalition_id=coalition.id,
        public_id=public_id,
        organization=name,
        ask_key=crypto.blind_index(f"join:{coalition.id}", f"{fold(name)}\n{contact_email.casefold()}"),
        contact_name=sealed("contact_name", contact_name),
        contact_email=sealed("contact_email", contact_email),
        message=sealed("message", message) if message else None,
        locale=locale,
        state=JoinState.WAITING,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        log.info("join_request_repeated", coalition_id=coalition.id)
        return
    actor = Actor(coalition_id=coalition.id)
    audit.record(actor, "join_request.made", KIND, made.id, coalition_id=coalition.id)
    _tell_administrators(made)


def accept_request(actor: Actor, public_id: str, tier: str = Tier.MEMBER) -> Membership:
    """Bring the organization in, with its memorandum still to sign, and write to whoever asked.

    Raises: NotFound, NotAllowed, RuleBroken; Conflict when it was answered, or belongs already.
    """
    found = _waiting(actor, public_id)
    contact = organizations.contact_of(found)
    membership = add_organization(
        actor,
        found.coalition_id,
        Terms(
            name=found.organization,
            tier=tier,
            contact_name=contact.name if contact else "",
            contact_email=contact.email if contact else "",
        ),
        state=MembershipState.PENDING,
    )
    _settle(actor, found, JoinState.ACCEPTED, membership.id)
    _answer(found, ACCEPTED_MAIL)
    return membership


def decline_request(actor: Actor, public_id: str) -> None:
    """Say no, kindly.

    Raises: NotFound, NotAllowed, Conflict when it was answered.
    """
    found = _waiting(actor, public_id)
    _settle(actor, found, JoinState.DECLINED, None)
    _answer(found, DECLINED_MAIL)


def purge(before: datetime, limit: int) -> int:
    """Forget requests that were answered before ``before``."""
    ids = select(JoinRequest.id).where(JoinRequest.decided_at < before).limit(limit)
    gone = delete(JoinRequest).where(JoinRequest.id.in_(ids)).execution_options(synchronize_session=False)
    return int(cast("CursorResult[Any]", db.session.execute(gone)).rowcount)


def _tell_administrators(made: JoinRequest) -> None:
    """One mail for each request to everybody who can answer it."""
    telling.tell(
        queries.user_ids_with(made.coalition_id, VERB),
        ASKED_MAIL,
        coalition_id=made.coalition_id,
        object_kind=KIND,
        object_id=made.id,
        key=f"{KIND}:{made.public_id}",
    )


def _waiting(actor: Actor, public_id: str) -> JoinRequest:
    found = organizations.join_request(actor, public_id)
    if found.state != JoinState.WAITING:
        raise Conflict(_("This request has been answered already."))
    return found


def _settle(actor: Actor, found: JoinRequest, state: JoinState, membership_id: int | None) -> None:
    found.state, found.membership_id = state, membership_id
    found.decided_at, found.decided_by = clock.now(), actor.user_id
    db.session.flush()
    audit.record(actor, f"join_request.{state}", KIND, found.id, coalition_id=found.coalition_id)


def _answer(found: JoinRequest, kind: str) -> None:
    contact = organizations.contact_of(found)
    if contact is not None:
        sending.queue_mail(
            kind=kind,
            to=contact.email,
            coalition_id=found.coalition_id,
            object_kind=KIND,
            object_id=found.id,
            locale=found.locale,
            key=f"{KIND}:{found.public_id}",
        )
