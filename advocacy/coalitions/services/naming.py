"""Organizations that want to be asked each time: the question for one place, and their answer."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from advocacy.audit import services as audit
from advocacy.coalitions import name_queries, rules
from advocacy.coalitions.name_models import NameAnswer, NameRequest
from advocacy.coalitions.organization_models import Membership
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.core.ids import new_public_id

KIND = "name_request"
VERB = "partners.manage"


def ask(actor: Actor, membership: Membership, place: str, title: str) -> NameRequest:
    """Ask an organization whether its name may stand in a place; asking twice changes nothing.

    Raises: NotAllowed; Conflict when it is not active or does not want to be asked.
    """
    rules.require(actor, VERB, membership.coalition_id)
    if not name_queries.may_be_asked(membership):
        raise Conflict(_("Only active organizations that want to be asked each time are asked."))
    wanted = select(NameRequest).where(
        NameRequest.coalition_id == membership.coalition_id,
        NameRequest.membership_id == membership.id,
        NameRequest.place == place,
    )
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is not None:
        return found
    made = NameRequest(
        coalition_id=membership.coalition_id,
        membership_id=membership.id,
        public_id=new_public_id(),
        place=place,
        title=title,
        asked_at=clock.now(),
        asked_by=actor.user_id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:  # somebody else asked at this moment
        return db.session.execute(wanted).scalar_one()
    _record(actor, "name.asked", made)
    return made


def answer(actor: Actor, public_id: str, said: str) -> NameRequest:
    """Say yes or no for the organization that one acts for; what was said may be changed, and holds at once.

    Raises: NotFound, NotAllowed, RuleBroken.
    """
    found = name_queries.own_request(actor, public_id)
    if said not in {NameAnswer.YES, NameAnswer.NO}:
        raise RuleBroken(_("Choose one of the answers."))
    if found.answer == said:
        return found
    found.answer, found.answered_at, found.answered_by = said, clock.now(), actor.user_id
    db.session.flush()
    _record(actor, f"name.{said}", found)
    return found


def _record(actor: Actor, action: str, row: NameRequest) -> None:
    facts = {"membership_id": row.membership_id, "place": row.place}
    audit.record(actor, action, KIND, row.id, coalition_id=row.coalition_id, facts=facts)
