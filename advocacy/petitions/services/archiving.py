"""Put an ended petition away."""

from __future__ import annotations

from advocacy.audit import services as audit
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.petitions import queries, rules
from advocacy.petitions.models import Petition, PetitionState


def archive_petition(actor: Actor, petition_id: int) -> Petition:
    """Nothing about it changes any more; it stays public.

    Raises: NotFound, NotAllowed, Conflict.
    """
    petition = queries.petition_of(actor, petition_id, "petitions.manage")
    rules.require_step(petition, PetitionState.ARCHIVED)
    before, petition.state = petition.state, PetitionState.ARCHIVED
    db.session.flush()
    audit.record(
        actor,
        "petition.archived",
        "petition",
        petition.id,
        coalition_id=petition.coalition_id,
        facts={"from": str(before)},
    )
    return petition
