"""Migrations cannot rot (R-26): one head, equal to the models, down and up again, killed and resumed; both databases."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from advocacy.app import create_app
from advocacy.core import paths
from advocacy.core.db import db
from tests.support import databases

ADVOCACY = str(Path(sys.executable).with_name("advocacy"))


def schema(app: Flask) -> dict[str, object]:
    """Everything the database knows of its own shape, triggers and functions included."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.execute(text("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))
            return {f"{kind} {name}": shape(sql or "") for kind, name, sql in rows}
        found: dict[str, object] = {}
        looker = inspect(connection)
        for table in sorted(looker.get_table_names()):
            columns = looker.get_columns(table)  # sorted: a migration adds at the end what the models have in its place
            found[f"columns {table}"] = sorted((c["name"], str(c["type"]), c["nullable"]) for c in columns)
            found[f"checks {table}"] = sorted((c["name"], c["sqltext"]) for c in looker.get_check_constraints(table))
        for kind, statement in {
            "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
            "triggers": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
            "keys": "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' ORDER BY 1",
        }.items():
            found[kind] = [tuple(row) for row in connection.execute(text(statement))]
        return found


def shape(sql: str) -> list[str]:
    """A statement's parts, however it was laid out: order of constraints and white space do not count."""
    flat = " ".join(sql.replace('"', "").split()).replace("( ", "(").replace(" )", ")").replace("(", "( ")
    if flat.startswith("CREATE TABLE"):
        flat = flat.partition("( ")[2].removesuffix(")")
    return sorted(part.strip() for part in flat.split(", "))


def test_revisions_have_one_head() -> None:
    assert len(ScriptDirectory(str(paths.MIGRATIONS)).get_heads()) == 1


@pytest.fixture
def migrated(database_kind: str) -> Iterator[Flask]:
    """An app on a database made by the migrations."""
    made = create_app(databases.make_settings(databases.empty_database(database_kind)))
    with made.app_context():
        upgrade(directory=str(paths.MIGRATIONS))
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.mark.both_databases
def test_migrated_schema_equals_the_models(migrated: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, db.metadata) == []


@pytest.mark.both_databases
def test_migrated_schema_has_the_triggers_and_checks_of_the_models(app: Flask, database_kind: str) -> None:
    made = schema(app)
    with create_app(databases.make_settings(databases.empty_database(database_kind))).app_context() as context:
        upgrade(directory=str(paths.MIGRATIONS))
        found = schema(context.app)
        db.session.remove()
        db.engine.dispose()
    made.pop("table alembic_version", None)
    found.pop("table alembic_version", None)
    assert found == made


@pytest.mark.both_databases
def test_down_and_up_again_gives_the_same_schema(migrated: Flask) -> None:
    before = schema(migrated)
    db.session.remove()
    downgrade(directory=str(paths.MIGRATIONS), revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade(directory=str(paths.MIGRATIONS))
    assert schema(migrated) == before


@pytest.mark.both_databases
def test_r26_upgrade_killed_at_random_moments_can_be_resumed(database_kind: str, tmp_path: Path) -> None:
    url = databases.empty_database(database_kind)
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
