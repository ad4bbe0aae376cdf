"""A partner asks the people who ticked its box to pass the petition on: once, and nobody beyond their limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from advocacy.audit import services as audit
from advocacy.consent import asking
from advocacy.consent.models import OptIn
from advocacy.core import clock
from advocacy.core.actor import Actor, system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict
from advocacy.core.ids import new_public_id
from advocacy.messaging.services import sending
from advocacy.petitions import partner_queries
from advocacy.petitions.models import PetitionState, Signature
from advocacy.petitions.partner_models import PartnerAsk, PartnerAskState
from advocacy.petitions.services import opting
from advocacy.queue import port

JOB = "petitions.ask_partner_people"
MAIL = "petitions.partner_ask"
KIND = "partner_ask"
STEP = 100


def ask_to_share(actor: Actor, page_public_id: str) -> PartnerAsk:
    """Ask everybody who gave their address to the partner on this page to pass the petition on.

    Raises: NotAllowed, NotFound, Conflict when it was asked before or nobody can sign now.
    """
    line = partner_queries.own_page(actor, page_public_id)
    if line.petition.state != PetitionState.OPEN:
        raise Conflict(_("Nobody can sign this petition now, so there is nothing to pass on."))
    made = PartnerAsk(
        coalition_id=line.page.coalition_id,
        partner_page_id=line.page.id,
        petition_id=line.page.petition_id,
        public_id=new_public_id(),
        state=PartnerAskState.ASKING,
        asked_count=0,
        limited_count=0,
        last_signature_id=0,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        raise Conflict(_("You have asked your people already. They are asked once.")) from None
    audit.record(actor, "partner_ask.begun", KIND, made.id, coalition_id=made.coalition_id)
    _ask_for_next(made)
    return made


def ask_people(args: Mapping[str, Any]) -> None:
    """One step of the job: the next people, each in the ledger before the mail is queued."""
    found = db.session.get(PartnerAsk, int(args["partner_ask_id"]), with_for_update=True)
    if found is None or found.state != PartnerAskState.ASKING:
        return
    in_use = partner_queries.page_in_use(found.coalition_id, found.partner_page_id)
    if in_use is None:
        found.state = PartnerAskState.ASKED
        return
    page, membership = in_use
    rows = partner_queries.askable(page, found.last_signature_id, STEP)
    for signature, leave in rows:
        _ask(found, signature, leave, membership.id)
    if len(rows) < STEP:
        found.state = PartnerAskState.ASKED
    else:
        found.last_signature_id = rows[-1][0].id
        _ask_for_next(found)


def _ask(found: PartnerAsk, signature: Signature, leave: OptIn, membership_id: int) -> None:
    """Into the ledger first; where it has no room, only the number is kept."""
    key = f"share:{found.petition_id}"
    ask_id = asking.take_ask(system_actor(), found.coalition_id, leave.person_id, membership_id, key)
    if ask_id is None:
        found.limited_count += 1
        return
    queued = sending.queue_mail(
        kind=MAIL,
        to=opting.signer_email(signature),
        coalition_id=found.coalition_id,
        object_kind="signature",
        object_id=signature.id,
        params={"ask": ask_id},
        key=f"ask:{ask_id}",
        opt_in_id=leave.id,
    )
    found.asked_count += int(queued is not None)


def _ask_for_next(found: PartnerAsk) -> None:
    port.enqueue(db.session(), JOB, {"partner_ask_id": found.id}, lock=f"partner_ask:{found.id}")
