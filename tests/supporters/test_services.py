"""People are found by the address they have shown to be theirs."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.core.ids import new_public_id
from advocacy.supporters import queries, services
from advocacy.supporters.models import ContactPoint, Person
from tests.factories.coalitions import make_coalition

ACTOR = system_actor()


@pytest.mark.both_databases
def test_person_for_email_when_known_gives_the_same_person(app):
    coalition_id = make_coalition()
    with uow.unit():
        first = services.person_for_email(ACTOR, coalition_id, "Ana Núñez", "ana@example.org")
    with uow.unit():
        assert services.person_for_email(ACTOR, coalition_id, "Ana N.", "Ana@Example.org") == first
    with uow.reading():
        person = db.session.get(Person, first)
        assert queries.person_name(person) == "Ana Núñez"
        assert queries.person_address(ACTOR, coalition_id, first) == "ana@example.org"
        assert b"ana" not in person.name_sealed.lower()


def test_person_for_email_in_another_coalition_is_another_person(app):
    one, two = make_coalition(), make_coalition()
    with uow.unit():
        first = services.person_for_email(ACTOR, one, "Ana", "ana@example.org")
        second = services.person_for_email(ACTOR, two, "Ana", "ana@example.org")
    assert first != second
    with uow.reading():
        keys = db.session.execute(select(ContactPoint.value_key)).scalars().all()
    assert len(set(keys)) == 2


def store_person(coalition_id, **values):
    with uow.unit():
        person = Person(coalition_id=coalition_id, public_id=new_public_id(), created_at=clock.now(), **values)
        db.session.add(person)
        db.session.flush()
        return person.id


def store_address(coalition_id, person_id, key=b"y" * 32, verified_at=None):
    point = ContactPoint(coalition_id=coalition_id, person_id=person_id, public_id=new_public_id(), kind="email")
    point.value_sealed, point.value_key, point.verified_at, point.created_at = b"x", key, verified_at, clock.now()
    with uow.unit():
        db.session.add(point)
        db.session.flush()


@pytest.mark.both_databases
def test_i005_a_verified_address_belongs_to_one_person(app):
    coalition_id = make_coalition()
    one, two = store_person(coalition_id), store_person(coalition_id)
    store_address(coalition_id, one)
    store_address(coalition_id, two)
    store_address(coalition_id, one, verified_at=clock.now())
    with pytest.raises(IntegrityError):
        store_address(coalition_id, two, verified_at=clock.now())


@pytest.mark.both_databases
def test_contact_point_cannot_point_into_another_coalition(app):
    person_id = store_person(make_coalition())
    with pytest.raises(IntegrityError):
        store_address(make_coalition(), person_id)


@pytest.mark.both_databases
def test_i001_an_erased_person_keeps_no_name(app):
    coalition_id = make_coalition()
    store_person(coalition_id, state="erased")
    with pytest.raises(IntegrityError):
        store_person(coalition_id, state="erased", name_sealed=b"x")


@pytest.mark.postgres
def test_person_for_email_by_two_at_once_makes_one_person(app):
    import threading

    coalition_id = make_coalition()
    with uow.unit():
        services.person_for_email(ACTOR, coalition_id, "Warm Up", "warm@example.org")
    barrier = threading.Barrier(4)
    found = []

    def come():
        with app.app_context():
            barrier.wait()
            with uow.unit():
                found.append(services.person_for_email(ACTOR, coalition_id, "Ana", "ana@example.org"))

    threads = [threading.Thread(target=come) for _one in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    with uow.reading():
        assert db.session.execute(select(func.count()).select_from(Person)).scalar_one() == 2
