"""Organizations, who acts for them, committees and decisions for tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from advocacy.coalitions import queries
from advocacy.coalitions.committee_models import Committee
from advocacy.coalitions.decision_models import Decision
from advocacy.coalitions.name_models import COALITION_PAGE, NameRequest
from advocacy.coalitions.organization_models import Membership, MembershipState
from advocacy.coalitions.services import deciding, joining, organizing, representing, seating
from advocacy.core import clock, uow
from advocacy.core.actor import Actor, system_actor
from advocacy.core.db import db
from advocacy.core.ids import new_public_id
from tests.factories.accounts import make_user

_number = count(1)
MOU = {"mou_version": "2", "mou_signed_on": date(2027, 1, 15)}


def make_organization(
    coalition_id: int, name: str | None = None, *, state: str = MembershipState.ACTIVE, **terms: Any
) -> Membership:
    """An organization with a signed memorandum, committed; detached."""
    given = {**MOU, "name": name or f"Harbor House {next(_number)}", **terms}
    with uow.unit():
        made = organizing.add_organization(
            system_actor(coalition_id=coalition_id), coalition_id, organizing.Terms(**given), state=state
        )
    return _detached(made)


def make_representative(membership: Membership, *, email: str | None = None, name: str = "Ines Duarte") -> int:
    """An account that acts for an organization; gives its id."""
    user_id = make_user(email, name)
    with uow.unit():
        found = db.session.get_one(Membership, membership.id)
        representing.give_representation(system_actor(), found, user_id)
    return user_id


def acting(membership: Membership, user_id: int, role: str = "representative") -> Actor:
    """The actor of somebody who acts for an organization."""
    return Actor(user_id=user_id, coalition_id=membership.coalition_id, roles=frozenset({role}))


def ask_name(membership: Membership) -> str:
    """An organization that was asked whether the coalition's page may name it; gives where the question is found."""
    made = NameRequest(
        coalition_id=membership.coalition_id,
        membership_id=membership.id,
        public_id=new_public_id(),
        place=COALITION_PAGE,
        title="Minds of the Valley",
        asked_at=clock.now(),
    )
    with uow.unit():
        db.session.add(made)
        return made.public_id


def ask_to_join(coalition_id: int, organization: str = "River Mutual Aid", email: str = "ana@example.org") -> None:
    """A request from the public page, committed."""
    with uow.unit():
        joining.ask_to_join(
            queries.coalition(coalition_id),
            organization=organization,
            contact_name="Ana Lima",
            contact_email=email,
            message="We want to help.",
            locale="en",
            is_trapped=False,
        )


def make_decision(
    coalition_id: int, *, is_open: bool = True, closes_at: datetime | None = None, **facts: Any
) -> Decision:
    """A decision, committed and open unless told otherwise; detached."""
    actor = system_actor(coalition_id=coalition_id)
    given = {"kind": "position", "title": "Support HB 2999 if amended", "text": "We support it.", **facts}
    with uow.unit():
        made = deciding.draft_decision(
            actor, coalition_id, closes_at=closes_at or clock.now() + timedelta(days=7), **given
        )
        if is_open:
            deciding.open_decision(actor, made.public_id)
    return _detached(made)


def make_committee(coalition_id: int, *, seats: int = 3, lived: int = 1, kind: str = "story_policy") -> Committee:
    """A committee, committed; detached."""
    with uow.unit():
        made = seating.create_committee(
            system_actor(coalition_id=coalition_id),
            coalition_id,
            name="Story circle",
            kind=kind,
            seat_count=seats,
            lived_experience_seats=lived,
        )
    return _detached(made)


def hold_seat(committee: Committee, number: int, user_id: int) -> None:
    """Give a seat, committed."""
    with uow.unit():
        seating.give_seat(
            system_actor(coalition_id=committee.coalition_id),
            committee.public_id,
            number,
            user_id,
            from_on=date(2027, 1, 1),
        )


def _detached(row: Any) -> Any:
    db.session.refresh(row)
    db.session.expunge(row)
    db.session.rollback()
    return row
