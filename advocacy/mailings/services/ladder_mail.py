"""The mails of ladders: queued when their step is taken, written from the step when they leave."""

from __future__ import annotations

from sqlalchemy import select

from advocacy.consent.models import OptIn, OptInState
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.messaging.services import sending
from advocacy.supporters import queries as supporters
from advocacy.supporters.models import Person

KIND = "ladder_step"
PRIORITY = 70


def queue(person: Person, purpose: str, enrollment_id: int, step_id: int) -> bool:
    """Queue a step's mail to somebody, once; gives whether there was an address and a leave to write to it."""
    address = supporters.person_address(system_actor(), person.coalition_id, person.id)
    opt_in_id = db.session.execute(
        select(OptIn.id).where(
            OptIn.coalition_id == person.coalition_id,
            OptIn.person_id == person.id,
            OptIn.organization_id.is_(None),
            OptIn.purpose == purpose,
            OptIn.state == OptInState.CONFIRMED,
        )
    ).scalar_one_or_none()
    if address is None or opt_in_id is None:
        return False
    sending.queue_mail(
        kind=KIND,
        to=address,
        coalition_id=person.coalition_id,
        object_kind="ladder_step",
        object_id=step_id,
        params={"enrollment": enrollment_id},
        locale=person.locale,
        key=f"ladder:{enrollment_id}:{step_id}",
        opt_in_id=opt_in_id,
    )
    return True
