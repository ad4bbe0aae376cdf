"""The ask budget: one ledger for all organizations of a coalition, kept by the database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import exc, select, text, update

from advocacy.coalitions.models import Coalition
from advocacy.consent import asking
from advocacy.consent.ask_models import Ask
from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.supporters import services as supporters
from tests.factories.coalitions import make_coalition
from tests.factories.organizations import make_organization

REFUSED = (exc.IntegrityError, exc.OperationalError, exc.InternalError)
DAY = 86_400


class World:
    """Two organizations that both want the same person, who may be asked twice in thirty days."""

    def __init__(self, limit: int = 2) -> None:
        self.coalition_id = make_coalition()
        self.harbor, self.lake = (make_organization(self.coalition_id).id for _ in range(2))
        with uow.unit():
            actor = system_actor(coalition_id=self.coalition_id)
            self.person_id = supporters.person_for_email(actor, self.coalition_id, "Zoë Ndiaye", "zoe@example.org")
        self.limit(limit)

    def limit(self, limit: int) -> None:
        with uow.unit():
            db.session.execute(update(Coalition).values(ask_limit=limit))

    def ask(self, membership_id: int, key: str) -> int | None:
        with uow.unit():
            return asking.take_ask(system_actor(), self.coalition_id, self.person_id, membership_id, key)

    def row(self, key: str, **facts: object) -> dict[str, object]:
        now = clock.now()
        known = {"coalition_id": self.coalition_id, "person_id": self.person_id, "membership_id": self.harbor}
        return {**known, "ask_key": key, "asked_at": now, "counts_until": now + timedelta(days=30), **facts}


@pytest.fixture
def world(app: Flask) -> World:
    return World()


@pytest.mark.both_databases
def test_organizations_share_one_limit_and_time_gives_it_back(world: World, move_clock: Callable[[float], None]):
    assert world.ask(world.harbor, "share:1")
    move_clock(10 * DAY)
    assert world.ask(world.lake, "share:1")
    assert world.ask(world.lake, "share:2") is None
    assert world.ask(world.harbor, "share:2") is None
    move_clock(31 * DAY)
    assert world.ask(world.harbor, "share:2")
    assert world.ask(world.lake, "share:2") is None


@pytest.mark.both_databases
def test_the_same_ask_is_one_row(world: World):
    assert world.ask(world.harbor, "share:1") == world.ask(world.harbor, "share:1")
    with pytest.raises(exc.IntegrityError), uow.unit():
        db.session.execute(Ask.__table__.insert().values(world.row("share:1")))


@pytest.mark.both_databases
def test_the_database_refuses_what_goes_beyond_the_limit(world: World):
    with uow.unit():
        for number in range(2):
            db.session.execute(Ask.__table__.insert().values(world.row(f"share:{number}")))
    with pytest.raises(REFUSED), uow.unit():
        db.session.execute(Ask.__table__.insert().values(world.row("share:9")))
    with pytest.raises(REFUSED), uow.unit():
        db.session.execute(text("UPDATE ask SET counts_until = asked_at"))
    world.limit(0)
    assert world.ask(world.lake, "share:9")


@pytest.mark.both_databases
def test_the_database_refuses_an_ask_of_another_coalition(world: World):
    other = World()
    with pytest.raises(exc.IntegrityError), uow.unit():
        db.session.execute(Ask.__table__.insert().values(world.row("share:1", membership_id=other.harbor)))


@pytest.mark.both_databases
def test_a_race_for_the_last_ask_has_one_winner(app: Flask):
    world = World(limit=1)
    barrier, won = threading.Barrier(8), []

    def try_it(number: int) -> None:
        with app.app_context():
            barrier.wait()
            won.append(world.ask(world.harbor if number % 2 else world.lake, f"share:{number}"))
            db.session.remove()

    threads = [threading.Thread(target=try_it, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([ask_id for ask_id in won if ask_id is not None]) == 1
    with uow.reading():
        assert len(db.session.execute(select(Ask.id)).all()) == 1


def test_old_asks_are_forgotten(world: World, move_clock: Callable[[float], None]):
    world.ask(world.harbor, "share:1")
    move_clock(121 * DAY)
    with uow.unit():
        assert asking.purge(clock.now() - timedelta(days=90), 10) == 1
