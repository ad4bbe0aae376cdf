"""The manners of database engines: what is set on each connection, and how a transaction begins."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event, exc
from sqlalchemy.pool import ConnectionPoolEntry

from advocacy.core.db import is_reading
from advocacy.core.write_turn import WriteTurn

if TYPE_CHECKING:
    from advocacy.core.settings import Settings


def engine_options(settings: Settings) -> dict[str, Any]:
    """Options for Flask-SQLAlchemy's engine."""
    options: dict[str, Any] = {
        "pool_size": settings.database.pool_size,
        "max_overflow": settings.database.pool_size * 3,
        "pool_timeout": settings.database.lock_wait_s,
    }
    if settings.is_sqlite:
        options["connect_args"] = {"timeout": settings.database.lock_wait_s, "check_same_thread": False}
    else:
        timeout_ms = settings.database.statement_timeout_s * 1000
        lock_ms = settings.database.lock_wait_s * 1000
        options["pool_pre_ping"] = False
        options["connect_args"] = {
            "connect_timeout": 5,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 20000,
            "application_name": "advocacy",
            "options": f"-c statement_timeout={timeout_ms} -c lock_timeout={lock_ms} -c timezone=UTC",
        }
    return options


def prepare_engine(engine: Engine, settings: Settings) -> None:
    """Attach the manners above to an engine; once per engine."""
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, settings.database.lock_wait_s)
        return

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's Connection
        raw = connection.connection.driver_connection
        if raw.read_only is not is_reading():
            raw.read_only = is_reading()

    @event.listens_for(engine, "rollback")
    def _rollback(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's Connection
        """End what only read with COMMIT: at each ROLLBACK the driver forgets all statements it prepared."""
        raw = None if connection.invalidated else connection.connection.driver_connection
        if raw and not raw.closed and raw.read_only and raw.info.transaction_status.name == "INTRANS":
            raw.commit()


def _prepare_sqlite(engine: Engine, wait_s: int) -> None:
    turn = WriteTurn(engine.url.database, wait_s)

    @event.listens_for(engine, "connect")
    def _connect(raw: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        del record
        raw.isolation_level = None
        cursor = raw.cursor()
        cursor.execute(f"PRAGMA busy_timeout={wait_s * 1000}")
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-16000",
            "journal_size_limit=67108864",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's Connection
        record = connection.connection._connection_record  # noqa: SLF001 - the only way to the pool entry of a fairy
        raw = connection.connection.driver_connection
        reads = is_reading()
        if record.info.get("query_only", False) is not reads:
            raw.execute(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
            record.info["query_only"] = reads
        try:
            if reads:
                raw.execute("BEGIN")
            else:
                turn.take(record)
                raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            turn.drop(record)
            raise exc.OperationalError("BEGIN", {}, error) from error

    @event.listens_for(engine, "checkin")
    def _checkin(raw: object, record: ConnectionPoolEntry) -> None:
        del raw
        turn.drop(record)

    @event.listens_for(engine, "invalidate")
    def _invalidate(raw: object, record: ConnectionPoolEntry, error: object) -> None:
        del raw, error
        turn.drop(record)
