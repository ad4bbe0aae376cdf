"""Organizations that want to be asked each time: the question for one place, and their answer."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from advocacy.audit import services as audit
from advocacy.coalitions import name_queries, rules
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions.name_models import NameAnswer, NameRequest
from advocacy.coalitions.organization_models import Membership
from advocacy.coalitions.services import telling
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.core.ids import new_public_id

KIND = "name_request"
VERB = "partners.manage"
ASKED_MAIL = "coalitions.name_asked"


def ask(actor: Actor, membership: Membership, place: str, title: str) -> NameRequest:
    """Ask an organization whether its name may stand in a place, and write to its people; twice changes nothing.

    Raises: NotAllowed; Conflict when it is not active or does not want to be asked.
    """
    rules.require(actor, VERB, membership.coalition_id)
    if not name_queries.may_be_asked(membership, place):
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
    _write_to_people(made)
    _record(actor, "name.asked", made)
    return made


def answer(actor: Actor, public_id: str, said: str, *, with_logo: bool = False) -> NameRequest:
    """Say yes or no for the organization that one acts for; what was said may be changed, and holds at once.

    ``with_logo``: the words in front of the person spoke of the logo too.

    Raises: NotFound, NotAllowed, RuleBroken.
    """
    found = name_queries.own_request(actor, public_id)
    if said not in {NameAnswer.YES, NameAnswer.NO}:
        raise RuleBroken(_("Choose one of the answers."))
    mine = organizations.acting_for(actor)
    is_about_logo = mine is not None and name_queries.asks_for_logo(mine, found.place)
    with_logo = with_logo and said == NameAnswer.YES and is_about_logo
    if found.answer == said and (said == NameAnswer.NO or found.with_logo or not with_logo):
        return found
    found.answer, found.with_logo = said, with_logo
    found.answered_at, found.answered_by = clock.now(), actor.user_id
    db.session.flush()
    _record(actor, f"name.{said}", found)
    return found


def _write_to_people(made: NameRequest) -> None:
    people = organizations.representatives(made.coalition_id, [made.membership_id])
    telling.tell(
        [one.user_id for one in people if not one.is_disabled],
        ASKED_MAIL,
        coalition_id=made.coalition_id,
        object_kind=KIND,
        object_id=made.id,
        key=f"{ASKED_MAIL}:{made.id}",
    )


def _record(actor: Actor, action: str, row: NameRequest) -> None:
    facts = {"membership_id": row.membership_id, "place": row.place, "with_logo": row.with_logo}
    audit.record(actor, action, KIND, row.id, coalition_id=row.coalition_id, facts=facts)
