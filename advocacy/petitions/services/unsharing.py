"""A leave given to a partner ends: the partner is told to delete on its side, once, and says when it has."""

from __future__ import annotations

from sqlalchemy import exists, select

from advocacy.audit import services as audit
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import queries as coalition_queries
from advocacy.consent import services as consent
from advocacy.core import clock, logs
from advocacy.core.actor import Actor, system_actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.messaging.services import sending
from advocacy.petitions import partner_queries
from advocacy.petitions.models import Signature
from advocacy.petitions.partner_models import DeletionReason, PartnerDeletion, PartnerPage

log = logs.get("petitions")
KIND = "partner_deletion"
DELETION_MAIL = "petitions.partner_deletion"


def end_partner_leave(signature: Signature, reason: DeletionReason) -> None:
    """Take back what a signer gave to a partner: it sees nothing from this transaction on, and is told to delete.

    Doing it twice changes nothing and writes no second mail.
    """
    signature.partner_updates = False
    opt_in_id, page_id = signature.partner_opt_in_id, signature.partner_page_id
    db.session.flush()
    if opt_in_id is None or page_id is None:
        return
    consent.withdraw_by_id(system_actor(), signature.coalition_id, opt_in_id)
    told = exists().where(PartnerDeletion.signature_id == signature.id, PartnerDeletion.opt_in_id == opt_in_id)
    if db.session.execute(select(told)).scalar():
        return
    page, _membership = partner_queries.page_by_id(signature.coalition_id, page_id)
    made = PartnerDeletion(
        coalition_id=signature.coalition_id,
        petition_id=signature.petition_id,
        partner_page_id=page_id,
        signature_id=signature.id,
        opt_in_id=opt_in_id,
        reason=reason,
        asked_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    _tell(made, page)
    log.info("partner_deletion_asked", deletion_id=made.id, reason=str(reason))


def note_deleted(actor: Actor, page_public_id: str, reference: str) -> None:
    """Note that the partner deleted somebody on its side; saying it twice changes nothing.

    Raises: NotAllowed, NotFound, also for another organization's page.
    """
    line = partner_queries.own_page(actor, page_public_id)
    found = partner_queries.deletion(line.page, reference)
    if found is None:
        raise NotFound
    if found.done_at is not None:
        return
    found.done_at, found.done_by = clock.now(), actor.user_id
    db.session.flush()
    audit.record(actor, "partner_deletion.done", KIND, found.id, coalition_id=found.coalition_id)


def _tell(made: PartnerDeletion, page: PartnerPage) -> None:
    """Write to the organization's contact; to the people who act for it where no contact is known."""
    _page, membership = partner_queries.page_by_id(page.coalition_id, page.id)
    contact = organizations.contact_of(membership)
    address = contact.email if contact is not None else ""
    people = [] if address else organizations.representatives(page.coalition_id, [membership.id])
    addresses = [address] if address else [one.email for one in people if not one.is_disabled]
    for number, address in enumerate(addresses):
        sending.queue_mail(
            kind=DELETION_MAIL,
            to=address,
            coalition_id=made.coalition_id,
            object_kind=KIND,
            object_id=made.id,
            locale=coalition_queries.coalition(made.coalition_id).locale,
            key=f"{KIND}:{made.id}:{number}",
        )
