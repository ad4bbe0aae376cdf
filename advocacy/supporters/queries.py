"""Reads about people."""

from __future__ import annotations

from sqlalchemy import select

from advocacy.core import crypto
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.supporters.models import ContactKind, ContactPoint, Person, PersonState


def address_key(coalition_id: int, email: str) -> bytes:
    """The keyed hash by which a verified address is found in a coalition; letter case does not count."""
    return crypto.blind_index(f"coalition:{coalition_id}:contact.email", email.strip().casefold())


def person_of_email(actor: Actor, coalition_id: int, email: str) -> Person | None:
    """The active person to whom a verified address belongs."""
    del actor  # named like every tenant query; the coalition says whose people
    return db.session.execute(
        select(Person)
        .join(ContactPoint, (ContactPoint.person_id == Person.id) & (ContactPoint.coalition_id == Person.coalition_id))
        .where(
            ContactPoint.coalition_id == coalition_id,
            ContactPoint.kind == ContactKind.EMAIL,
            ContactPoint.value_key == address_key(coalition_id, email),
            ContactPoint.verified_at.is_not(None),
            Person.state == PersonState.ACTIVE,
        )
    ).scalar_one_or_none()


def person_name(person: Person) -> str:
    """The name, empty once erased."""
    if person.name_sealed is None:
        return ""
    return crypto.open_sealed(person.name_sealed, table="person", column="name", row=person.public_id)


def person_address(actor: Actor, coalition_id: int, person_id: int) -> str | None:
    """The newest verified address of a person."""
    del actor
    point = db.session.execute(
        select(ContactPoint)
        .where(
            ContactPoint.coalition_id == coalition_id,
            ContactPoint.person_id == person_id,
            ContactPoint.kind == ContactKind.EMAIL,
            ContactPoint.verified_at.is_not(None),
        )
        .order_by(ContactPoint.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if point is None:
        return None
    return crypto.open_sealed(point.value_sealed, table="contact_point", column="value", row=point.public_id)
