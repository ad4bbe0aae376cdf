"""Units of work: once, at the edge, or at once."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import exc

from advocacy.core import uow
from advocacy.core.db import Statement, db
from advocacy.web import limits

HIT = {"key": b"k" * 32, "window_at": limits.window_at(60)}
BROKEN = Statement("INSERT INTO throttle (key, window_at, hit_count) VALUES (:key, :window_at, NULL)")


def count() -> int:
    with uow.reading():
        return db.session.query(limits.Throttle).count()


@pytest.mark.both_databases
def test_at_once_commits_by_itself(app: Flask):
    assert uow.at_once([(limits.HIT, HIT), (limits.HIT, HIT)]) == [[(1,)], [(2,)]]
    db.session.rollback()
    assert count() == 1


@pytest.mark.both_databases
def test_at_once_with_a_broken_statement_stores_nothing(app: Flask):
    with pytest.raises(exc.IntegrityError):
        uow.at_once([(limits.HIT, HIT), (BROKEN, {**HIT, "key": b"x" * 32})])
    assert count() == 0
    uow.at_once([(limits.HIT, HIT)])  # and the connection, or SQLite's turn, is not lost
    assert count() == 1


@pytest.mark.both_databases
def test_at_once_inside_a_begun_unit_is_a_part_of_it(app: Flask):
    def fail() -> None:
        with uow.unit():
            limits.hit("a", "b", 60)
            uow.at_once([(limits.HIT, HIT)])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert count() == 0


@pytest.mark.both_databases
def test_reading_first_keeps_what_a_begun_unit_wrote(app: Flask):
    with uow.unit():
        limits.hit("a", "b", 60)
        with uow.reading_first():
            assert limits.hits("a", "b", 60) == 1
    assert count() == 1
    with uow.reading_first(), pytest.raises(exc.DBAPIError):
        limits.hit("a", "b", 60)


@pytest.mark.postgres
def test_at_once_after_many_refusals_prepares_anew(app: Flask):
    """What a refused pipeline skipped is not taken for prepared (the driver prepares at the sixth run)."""
    good, broken = (limits.HIT, HIT), (BROKEN, {**HIT, "key": b"x" * 32})
    for steps in [[good]] * 5 + [[broken, good]] * 3 + [[good, broken]] * 3:
        if broken in steps:
            with pytest.raises(exc.IntegrityError):
                uow.at_once(steps)
        else:
            uow.at_once(steps)
    assert uow.at_once([good]) == [[(6,)]]


@pytest.mark.both_databases
def test_reading_costs_no_prepared_statement(app: Flask, database_kind: str):
    for _attempt in range(8):  # the driver prepares a statement that it meets often
        uow.at_once([(limits.HIT, HIT)])
    with uow.reading():
        assert limits.hits("a", "b", 60) == 0
    if database_kind == "postgresql":
        with db.engine.connect() as connection:
            kept = connection.exec_driver_sql("SELECT statement FROM pg_prepared_statements").scalars().all()
        assert any("INSERT INTO throttle" in statement for statement in kept)
    assert count() == 1
