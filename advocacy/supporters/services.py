"""Coming to know people: only by an address they have shown to be theirs."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from advocacy.core import clock, crypto
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.ids import new_public_id
from advocacy.supporters import queries
from advocacy.supporters.models import ContactKind, ContactPoint, Person, PersonState


def person_for_email(actor: Actor, coalition_id: int, name: str, email: str, locale: str = "en") -> int:
    """The id of the person behind a verified address, made when the coalition does not know them yet.

    Two people who share a mailbox are one person here: whom a mail reaches is all that an address can show.

    Needs: the caller has proof that the address belongs to whoever acts (a used link).
    """
    known = queries.person_of_email(actor, coalition_id, email)
    if known is not None:
        return known.id
    try:
        with db.session.begin_nested():
            return _add_person(coalition_id, name, email.strip(), locale)
    except IntegrityError:  # another request made the same person at this moment
        known = queries.person_of_email(actor, coalition_id, email)
        if known is None:
            raise
        return known.id


def _add_person(coalition_id: int, name: str, email: str, locale: str) -> int:
    now, person_row, point_row = clock.now(), new_public_id(), new_public_id()
    scope = f"coalition:{coalition_id}"
    person = Person(
        coalition_id=coalition_id,
        public_id=person_row,
        name_sealed=crypto.seal(scope, name, table="person", column="name", row=person_row),
        locale=locale,
        state=PersonState.ACTIVE,
        created_at=now,
    )
    db.session.add(person)
    db.session.flush()
    db.session.add(
        ContactPoint(
            coalition_id=coalition_id,
            person_id=person.id,
            public_id=point_row,
            kind=ContactKind.EMAIL,
            value_sealed=crypto.seal(scope, email, table="contact_point", column="value", row=point_row),
            value_key=queries.address_key(coalition_id, email),
            verified_at=now,
            created_at=now,
        )
    )
    db.session.flush()
    return person.id
