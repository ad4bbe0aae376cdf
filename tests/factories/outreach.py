"""People of organizations, contacts and ledger entries for tests."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from advocacy.campaigns.models import Bill
from advocacy.coalitions.organization_models import Membership
from advocacy.core import clock, uow
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.outreach.lawmaker_models import Relationship
from advocacy.outreach.models import LobbyingKind
from advocacy.outreach.services import contacting, positioning, promising, recording
from tests.factories.coalitions import actor_in, make_member
from tests.factories.organizations import acting, make_representative

_number = count(1)


def make_keeper(membership: Membership, name: str = "Noor Bell") -> Actor:
    """Somebody who acts for an organization: an account with a seat, as an actor."""
    return acting(membership, make_representative(membership, name=name))


def entry(**facts: Any) -> recording.Entry:
    """What somebody enters: 90 minutes of direct lobbying on 10 March 2027."""
    given = {
        "kind": LobbyingKind.DIRECT,
        "happened_on": date(2027, 3, 10),
        "what": "Wrote and sent the letter",
        "minutes": 90,
        **facts,
    }
    return recording.Entry(**given)


def enter(keeper: Actor, **facts: Any) -> str:
    """An entry, committed; gives its public id."""
    with uow.unit():
        return recording.enter(keeper, entry(**facts)).public_id


def make_contact(coalition_id: int, office: str = "Senator Ada Quill", **facts: Any) -> str:
    """A contact of yesterday, committed; gives its public id."""
    given = contacting.Contact(
        office=office, kind="meeting", happened_on=clock.now().date() - timedelta(days=1), **facts
    )
    with uow.unit():
        return contacting.log_contact(actor_in(coalition_id, "organizer"), coalition_id, given).public_id


def remove_contact(coalition_id: int, public_id: str) -> str:
    """Take a contact out of the log, committed; gives its public id."""
    with uow.unit():
        contacting.remove_contact(actor_in(coalition_id), public_id, version=1)
    return public_id


def note_position(coalition_id: int, key: str, bill_id: int, stand: str = "undecided", **facts: Any) -> int:
    """Where somebody stands, committed, as if heard a month ago; gives the row's id."""
    given = {
        "stand": stand,
        "confidence": "heard",
        "quote": "They told us in the hall.",
        "seen_on": clock.now().date() - timedelta(days=30),
        **facts,
    }
    replaces = given.pop("replaces", None)
    with uow.unit():
        bill = db.session.get_one(Bill, bill_id)
        evidence = positioning.Evidence(**given)
        actor = actor_in(coalition_id)
        return positioning.note_position(actor, key, bill.public_id, evidence, replaces=replaces).id


def bill_of(bill_id: int) -> str:
    """The public id of a bill."""
    with uow.reading():
        return db.session.get_one(Bill, bill_id).public_id


def note_promise(coalition_id: int, key: str, **facts: Any) -> str:
    """A promise, committed; gives its public id."""
    day = clock.now().date()
    given = {"kind": "meet", "what": "Meet three families", "promised_on": day - timedelta(days=3), **facts}
    with uow.unit():
        return promising.note_commitment(actor_in(coalition_id), key, promising.Promised(**given)).public_id


def make_known_lawmaker(coalition_id: int, user_id: int | None = None) -> str:
    """Somebody who left office and of whom only this coalition has notes, committed; gives their lasting key."""
    key = f"left-office-{next(_number)}"
    day = clock.now().date() - timedelta(days=400)
    with uow.unit():
        db.session.add(
            Relationship(
                coalition_id=coalition_id,
                legislator_key=key,
                user_id=user_id if user_id is not None else make_member(coalition_id, name="Ines Falk"),
                strength=3,
                since_on=day,
                note="They sat in the same class.",
                begun_at=clock.now(),
            )
        )
    return key
