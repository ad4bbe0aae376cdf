"""The edge: the one module that commits.

A web request commits once when its status is below 400, a job once per item, a command once. What must survive a
refusal, or records a read, is left with ``afterwards``: a transaction of its own behind the commit or rollback.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from advocacy.core.db import Statement, db, read_only, read_write, run_alone, run_on, run_together, type_steps


def commit() -> None:
    """Commit the current unit of work, if one was begun."""
    if db.session.registry.has():
        db.session.commit()


def rollback() -> None:
    """Forget everything the current unit of work did, if one was begun."""
    if db.session.registry.has():
        db.session.rollback()


def afterwards(work: Callable[[], None]) -> None:
    """Run ``work`` behind the end of this unit, in its own transaction, whatever the end was."""
    db.session.info.setdefault("afterwards", []).append(work)


def run_afterwards() -> None:
    """Do what was left with ``afterwards``; called by the edge with no transaction open."""
    if not db.session.registry.has():
        return
    waiting: list[Callable[[], None]] = db.session.info.pop("afterwards", [])
    for work in waiting:
        with read_write():
            try:
                work()
                commit()
            except BaseException:
                rollback()
                raise


@contextmanager
def unit() -> Iterator[None]:
    """One writing unit of a job or a command: commits at the end, rolls back on any error.

    Needs: no open transaction in this thread's session.
    """
    with read_write():
        try:
            yield
            commit()
        except BaseException:
            rollback()
            run_afterwards()
            raise
    run_afterwards()


def at_once(steps: type_steps) -> list[list[tuple[Any, ...]]]:
    """Run plain statements as a unit of their own and commit; inside a begun unit they are a part of it.

    On PostgreSQL that is one round trip in all; on both it spares the session's bookkeeping. For hot paths.

    Raises: sqlalchemy.exc.DBAPIError.
    """
    if db.session.registry.has() and db.session().in_transaction():
        return run_together(db.session(), steps)
    with read_write(), db.engine.connect() as connection, connection.begin():
        return run_on(connection, steps, is_whole=True)


def at_once_lightly(statement: Statement, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """As ``at_once`` for one statement, without waiting for the disk: it outlives this process, not the machine.

    For marks of progress that come by the thousand. Needs: no begun unit; on PostgreSQL the statement itself asks for
    ``set_config('synchronous_commit', 'off', true)``.
    """
    with read_write(), db.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        if db.engine.dialect.name != "sqlite":
            with connection.begin():
                return run_alone(connection, statement, params)
        raw.execute("PRAGMA synchronous=NORMAL")
        try:
            with connection.begin():
                return run_on(connection, [(statement, params)])[0]
        finally:
            raw.execute("PRAGMA synchronous=FULL")


@contextmanager
def reading() -> Iterator[None]:
    """One reading unit: the database refuses writes; nothing is kept open behind it."""
    with read_only():
        try:
            yield
        finally:
            rollback()


@contextmanager
def reading_first() -> Iterator[None]:
    """Read and do slow work before the writing begins, so that no lock is held; inside a begun unit, just read."""
    if db.session().in_transaction():
        yield
    else:
        with reading():
            yield


@contextmanager
def trial() -> Iterator[None]:
    """A writing unit that is always taken back: to see what would happen."""
    with read_write():
        try:
            yield
        finally:
            rollback()
            db.session.info.pop("afterwards", None)
