"""Migrations cannot rot (R-26): one head, equal to the models, down and up again, killed and resumed; both databases."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from advocacy.core import paths
from advocacy.core.db import append_only_statements, db
from tests.support import databases

ADVOCACY = str(Path(sys.executable).with_name("advocacy"))


def schema(app: Flask) -> dict[str, object]:
    """Everything the database knows of its own shape, triggers and functions included."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.execute(text("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))
            return {f"{kind} {name}": " ".join((sql or "").split()) for kind, name, sql in rows}
        found: dict[str, object] = {}
        looker = inspect(connection)
        for table in sorted(looker.get_table_names()):
            found[f"columns {table}"] = [(c["name"], str(c["type"]), c["nullable"]) for c in looker.get_columns(table)]
            found[f"checks {table}"] = sorted((c["name"], c["sqltext"]) for c in looker.get_check_constraints(table))
        for kind, statement in {
            "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
            "triggers": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
            "keys": "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' ORDER BY 1",
        }.items():
            found[kind] = [tuple(row) for row in connection.execute(text(statement))]
        return found


def empty_database(kind: str) -> str:
    """The URL of a database without any table."""
    name = f"empty_{uuid.uuid4().hex}"
    if kind == "sqlite":
        return f"sqlite:///{databases.work_folder() / name}.db"
    with psycopg.connect(databases.postgres_server(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return databases.with_database(databases.postgres_server(), name)


def test_revisions_have_one_head() -> None:
    assert len(ScriptDirectory(str(paths.MIGRATIONS)).get_heads()) == 1


@pytest.mark.both_databases
def test_migrated_schema_equals_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, db.metadata) == []


@pytest.mark.both_databases
def test_append_only_tables_have_their_triggers(app: Flask) -> None:
    found = str(schema(app))
    tables = [table.name for table in db.metadata.sorted_tables if table.info.get("append_only")]
    assert tables
    for table in tables:
        for statement in append_only_statements(table, db.engine.dialect.name):
            if statement.startswith("CREATE TRIGGER"):
                assert statement.split()[2] in found


@pytest.mark.both_databases
def test_down_and_up_again_gives_the_same_schema(app: Flask) -> None:
    before = schema(app)
    db.session.remove()
    downgrade(directory=str(paths.MIGRATIONS), revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade(directory=str(paths.MIGRATIONS))
    assert schema(app) == before


@pytest.mark.both_databases
def test_r26_upgrade_killed_at_random_moments_can_be_resumed(database_kind: str, tmp_path: Path) -> None:
    url = empty_database(database_kind)
    environment = {
        **os.environ,
        "ADVOCACY__DATABASE__URL": url,
        "ADVOCACY__SECURITY__KEY_FILE": str(tmp_path / "k.json"),
    }
    chance = random.Random(26)
    kills = 15 if os.environ.get("ADVOCACY_TEST_LONG") else 3
    for _kill in range(kills):
        process = subprocess.Popen(
            [ADVOCACY, "db", "upgrade"], env=environment, cwd=tmp_path, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.4, 1.6))
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = subprocess.run(
        [ADVOCACY, "db", "upgrade"], env=environment, cwd=tmp_path, capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    checked = subprocess.run(
        [ADVOCACY, "db", "check"], env=environment, cwd=tmp_path, capture_output=True, check=False, text=True
    )
    assert checked.returncode == 0, checked.stderr
