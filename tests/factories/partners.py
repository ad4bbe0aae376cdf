"""Partner pages for tests."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import update

from advocacy.coalitions.name_models import NameRequest
from advocacy.coalitions.organization_models import Membership
from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.petitions.models import Petition, Signature
from advocacy.petitions.partner_models import PartnerPage
from advocacy.petitions.services import managing, partnering
from tests.factories import petitions


def make_partner_page(
    petition: Petition, membership: Membership, intro: str = "We stand with you.", *, says_yes: bool = True
) -> PartnerPage:
    """A partner's page, committed; detached. Who is asked about the name says yes, unless ``says_yes`` is false."""
    actor = system_actor(coalition_id=petition.coalition_id)
    with uow.unit():
        row = db.session.get_one(Petition, petition.id)
        made = partnering.add_partner_page(actor, row, membership.public_id, intro=intro)
        if says_yes:
            asked = NameRequest.membership_id == membership.id
            said = {"answer": "yes", "answered_at": clock.now()}
            db.session.execute(update(NameRequest).where(asked).values(said))
    db.session.refresh(made)
    db.session.expunge(made)
    db.session.rollback()
    return made


def sign_with(client: FlaskClient, petition: Petition, page: PartnerPage, email: str, **fields: Any) -> Signature:
    """A verified signature, given on a partner's page and confirmed by the link."""
    answer = client.post(
        f"/petitions/{petition.slug}/with/{page.slug}/signatures", data={**petitions.GIVEN, "email": email, **fields}
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    petitions.confirm(petitions.signatures(petition.id)[-1])
    return petitions.signatures(petition.id)[-1]


def given_and_taken_back(client: FlaskClient, petition: Petition, page: PartnerPage) -> str:
    """Somebody gave the partner an address and took it back; gives the reference of what the partner must delete."""
    email = f"takes-back-{page.public_id}@example.org".lower()
    signature = sign_with(client, petition, page, email, partner_updates="y")
    with uow.unit():
        managing.change_signature(petitions.manage_token(signature), display="hidden", updates=False)
    return signature.public_id
