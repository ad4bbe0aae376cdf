"""The database: one declarative base, SQLite and PostgreSQL behave alike, readers cannot write.

SQLite: WAL, ``synchronous=FULL``, foreign keys, ``BEGIN IMMEDIATE`` for writers, one at a time;
read-only units run with ``query_only``. PostgreSQL: psycopg 3, read-only units begin ``READ ONLY``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from psycopg import RawCursor
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    Table,
    TypeDecorator,
    event,
    exc,
)
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.schema import DDL

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can find it."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

BigId = BigInteger().with_variant(Integer, "sqlite")
"""Primary keys: bigint; SQLite needs INTEGER to make them by itself."""


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive time; SQLite stores UTC text."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "naive datetime given where an instant is stored"
            raise ValueError(msg)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def instant_param(value: datetime, dialect_name: str) -> datetime | str:
    """``value`` as a raw statement stores it, equal to what ``Instant`` writes."""
    if dialect_name != "sqlite":
        return value
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def instant_value(value: datetime | str | None) -> datetime | None:
    """What a raw statement read from an ``Instant`` column, as an aware instant."""
    if value is None:
        return None
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


# --- reading and writing ------------------------------------------------------------------------------------------

_reading: ContextVar[bool] = ContextVar("advocacy_reading", default=False)


def is_reading() -> bool:
    """Whether transactions begun now must not write."""
    return _reading.get()


@contextmanager
def read_only() -> Iterator[None]:
    """Transactions begun inside cannot write: the database refuses it."""
    mark = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(mark)


@contextmanager
def read_write() -> Iterator[None]:
    """Transactions begun inside may write (for ``uow.afterwards`` below a reading request)."""
    mark = _reading.set(False)
    try:
        yield
    finally:
        _reading.reset(mark)


# --- plain statements ---------------------------------------------------------------------------------------------

_NAME = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")


class Statement:
    """Plain SQL with ``:name`` parameters for a hot path, ready for both databases.

    PostgreSQL gets numbered parameters, ``names`` in their order: its driver then has nothing to read or rewrite.
    """

    __slots__ = ("names", "postgresql", "sqlite")

    def __init__(self, sql: str) -> None:
        text = " ".join(sql.split())
        self.sqlite = text.replace(" AS JSON)", " AS TEXT)")  # it keeps JSON as text, and would cast it to a number
        self.names = tuple(dict.fromkeys(_NAME.findall(text)))
        self.postgresql = _NAME.sub(lambda found: f"${self.names.index(found[1]) + 1}", text).encode()


type_steps = Sequence[tuple[Statement, Mapping[str, Any]]]


def run_together(session: Session, steps: type_steps) -> list[list[tuple[Any, ...]]]:
    """Run statements in order in the session's transaction and give each one's rows.

    PostgreSQL gets them in one round trip (pipeline). Instants may be given aware; rows come back raw
    (see ``instant_value``).

    Raises: sqlalchemy.exc.IntegrityError and its kin, as the ORM does.
    """
    return run_on(session.connection(), steps)


def run_on(connection: Connection, steps: type_steps, *, is_whole: bool = False) -> list[list[tuple[Any, ...]]]:
    """As ``run_together``, in a connection's transaction.

    With ``is_whole`` they are all of it: PostgreSQL commits what one pipeline held, without a BEGIN or a COMMIT.
    """
    raw: Any = connection.connection.driver_connection
    try:
        if connection.dialect.name == "sqlite":
            each = {id(params): params for _statement, params in steps}  # steps often share theirs
            ready = {key: _for_sqlite(params) for key, params in each.items()}
            return [raw.execute(statement.sqlite, ready[id(params)]).fetchall() for statement, params in steps]
        with _pipeline(raw, is_whole=is_whole):
            cursors = [
                RawCursor(raw).execute(statement.postgresql, [params[name] for name in statement.names])
                for statement, params in steps
            ]
        return [cursor.fetchall() if cursor.description else [] for cursor in cursors]
    except connection.dialect.loaded_dbapi.Error as error:
        if getattr(raw, "closed", False):
            connection.invalidate()
        raise exc.DBAPIError.instance(
            steps[0][0].sqlite, None, error, connection.dialect.loaded_dbapi.Error, dialect=connection.dialect
        ) from error


def run_alone(connection: Connection, statement: Statement, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one statement on PostgreSQL that is its own transaction: no BEGIN, no COMMIT, no pipeline.

    Raises: sqlalchemy.exc.DBAPIError.
    """
    raw: Any = connection.connection.driver_connection
    try:
        raw.autocommit = True
        cursor = RawCursor(raw).execute(statement.postgresql, [params[name] for name in statement.names])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        raw.autocommit = False
    except connection.dialect.loaded_dbapi.Error as error:
        raw.close()
        connection.invalidate()
        raise exc.DBAPIError.instance(
            statement.sqlite, None, error, connection.dialect.loaded_dbapi.Error, dialect=connection.dialect
        ) from error
    return rows


@contextmanager
def _pipeline(raw: Any, *, is_whole: bool) -> Iterator[None]:  # noqa: ANN401 - the driver's connection
    """One round trip; what is refused in the middle of it costs the connection.

    The statements behind a refused one are skipped, and the driver takes those among them for prepared that never were.
    """
    try:
        if is_whole:
            raw.autocommit = True
        with raw.pipeline():
            yield
        if is_whole:
            raw.autocommit = False
    except BaseException:
        raw.close()
        raise


def _for_sqlite(params: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: instant_param(value, "sqlite") if isinstance(value, datetime) else value for name, value in params.items()
    }


# --- append-only tables -------------------------------------------------------------------------------------------


REFUSE_CHANGE = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
)


def append_only_statements(table: str, dialect_name: str) -> list[str]:
    """The triggers that refuse UPDATE and DELETE on ``table``."""
    if dialect_name == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    each_row, each_statement = (f"FOR EACH {what} EXECUTE FUNCTION refuse_change()" for what in ("ROW", "STATEMENT"))
    return [
        REFUSE_CHANGE,
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} {each_row}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} {each_statement}",
    ]


def append_only(table: Table) -> None:
    """Let the database refuse UPDATE and DELETE on this table (also made by the migration)."""
    table.info["append_only"] = True
    for dialect_name in ("sqlite", "postgresql"):
        _after_create(table, dialect_name, append_only_statements(table.name, dialect_name))


def one_of(column: str, values: type[StrEnum]) -> str:
    """A CHECK that a column holds one of the values."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


def guarded(table: Table, statements: Mapping[str, Sequence[str]]) -> None:
    """Make triggers with this table, by dialect, for a rule that no key or check can state (also in the migration)."""
    known = table.info.setdefault("guards", {})
    for dialect_name, found in statements.items():
        known[dialect_name] = [*known.get(dialect_name, ()), *found]
    for dialect_name, found in statements.items():
        _after_create(table, dialect_name, found)


def _after_create(table: Table, dialect_name: str, statements: Sequence[str]) -> None:
    for sql in statements:
        trigger = DDL(sql.replace("%", "%%"))  # type: ignore[no-untyped-call]
        event.listen(table, "after_create", trigger.execute_if(dialect=dialect_name))
