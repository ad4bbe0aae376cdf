"""The separate wish for news: recorded with its proof when an address has shown itself to be the signer's."""

from __future__ import annotations

from advocacy.consent import services as consent
from advocacy.consent.models import Purpose
from advocacy.core import crypto
from advocacy.core.actor import system_actor
from advocacy.petitions import partner_queries
from advocacy.petitions.models import Signature
from advocacy.petitions.queries import signer_name
from advocacy.supporters import queries as supporter_queries
from advocacy.supporters import services as supporters

PURPOSE = Purpose.CAMPAIGN_NEWS


def record_wish(signature: Signature, proof: str) -> None:
    """Store the opt-in of a signer who ticked it; ``proof`` names the link that was used.

    Whoever did not tick it is known only when the coalition knew the address before: nobody becomes known by signing.
    """
    if signature.email is None:
        return
    actor = system_actor(coalition_id=signature.coalition_id)
    if not signature.updates:
        known = supporter_queries.person_of_email(actor, signature.coalition_id, signer_email(signature))
        signature.person_id = known.id if known is not None else None
        return
    person_id = supporters.person_for_email(
        actor, signature.coalition_id, signer_name(signature), signer_email(signature)
    )
    signature.person_id = person_id
    consent.opt_in(actor, signature.coalition_id, person_id, PURPOSE, proof={"kind": proof, "signature": signature.id})


def record_partner_wish(signature: Signature, proof: str) -> None:
    """Store the leave that a signer gave to the partner whose page it was; only while the partner takes part."""
    if not signature.partner_updates or signature.partner_page_id is None or signature.email is None:
        return
    found = partner_queries.page_in_use(signature.coalition_id, signature.partner_page_id)
    if found is None:
        return
    page, membership = found
    actor = system_actor(coalition_id=signature.coalition_id)
    person_id = supporters.person_for_email(
        actor, signature.coalition_id, signer_name(signature), signer_email(signature)
    )
    given = consent.opt_in(
        actor,
        signature.coalition_id,
        person_id,
        Purpose.PARTNER_NEWS,
        proof={"kind": proof, "signature": signature.id, "page": page.id},
        organization_id=membership.organization_id,
        text_id=page.opt_in_text_id,
    )
    signature.person_id = person_id
    signature.partner_opt_in_id = given.id


def end_wish(signature: Signature) -> None:
    """Take the opt-in of a signer back."""
    if signature.email is None:
        return
    actor = system_actor(coalition_id=signature.coalition_id)
    person = supporter_queries.person_of_email(actor, signature.coalition_id, signer_email(signature))
    if person is not None:
        consent.withdraw_opt_in(actor, signature.coalition_id, person.id, PURPOSE)


def signer_email(signature: Signature) -> str:
    """The address that signed."""
    return crypto.open_sealed(signature.email or b"", table="signature", column="email", row=signature.public_id)
