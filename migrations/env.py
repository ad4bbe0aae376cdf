"""How Alembic reaches the database: the app's engine, one transaction, one upgrade at a time."""

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection, text

from advocacy.core.db import Instant

# Any number that no other advisory lock of this database uses.
LOCK = 7235406481
WAIT_S = 120


def render_item(kind: str, item: object, autogen: AutogenContext) -> str | Literal[False]:
    """Write the types of this project as plain ones: a migration must not change when the program does."""
    del autogen
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


def wait_for_turn(connection: Connection) -> None:
    """Let one upgrade run at a time, and let none wait for ever behind a busy table."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_S}s'"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))


def run() -> None:
    """Run the asked migrations in one transaction: all of them or none."""
    database = current_app.extensions["migrate"].db
    arguments = dict(current_app.extensions["migrate"].configure_args)
    engine = database.engine
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        raw = connection.connection.driver_connection
        if is_sqlite:
            # A changed table is copied and dropped; with keys on, dropping would delete what points to it.
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute(f"PRAGMA busy_timeout={WAIT_S * 1000}")
        try:
            context.configure(
                connection=connection,
                target_metadata=database.metadata,
                render_item=render_item,
                transactional_ddl=True,
                **arguments,
            )
            with context.begin_transaction():
                wait_for_turn(connection)
                context.run_migrations()
                if is_sqlite and raw.execute("PRAGMA foreign_key_check").fetchone() is not None:
                    msg = "a migration left rows that point to nothing"
                    raise RuntimeError(msg)
        finally:
            if is_sqlite:
                connection.rollback()
                raw.execute("PRAGMA foreign_keys=ON")
                connection.invalidate()


run()
