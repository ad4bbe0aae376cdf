"""``advocacy db revision`` writes what differs, triggers included, so that both databases go up and down with them."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, Column, Integer, MetaData, String, Table, text

from advocacy.app import create_app
from advocacy.core.db import append_only, db, guarded
from advocacy.serving import schema as commands
from tests.migrations.test_migrations import schema
from tests.support import databases


def triggers(app: Flask) -> dict[str, str]:
    """Each trigger, and what it says or calls."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        else:
            rows = connection.execute(
                text(
                    "SELECT tgname, pg_get_triggerdef(t.oid) || pg_get_functiondef(tgfoid)"
                    " FROM pg_trigger t WHERE NOT tgisinternal"
                )
            )
        return {name: " ".join(sql.split()) for name, sql in rows}


def tables(found: dict[str, list[object]]) -> dict[str, list[object]]:
    """A schema without triggers, which a copy of the models does not make, and without Alembic's own table."""
    kept = {name: part for name, part in found.items() if "trigger" not in name and "alembic_version" not in name}
    return {name: [part for part in parts if "alembic_version" not in str(part)] for name, parts in kept.items()}


def functions(app: Flask) -> set[str]:
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            return set()
        rows = connection.execute(text("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"))
        return {name for (name,) in rows}


def guard(table: str, words: str) -> dict[str, list[str]]:
    """A rule for a test."""
    return {
        "sqlite": [f"CREATE TRIGGER {table}_rule BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END"],
        "postgresql": [
            (
                f"CREATE OR REPLACE FUNCTION {table}_rule() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{words}'; END $$"
            ),
            f"CREATE TRIGGER {table}_rule BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_rule()",
        ],
    }


def change(models: MetaData) -> None:
    """Change tables that have triggers, one that a trigger elsewhere names, a check, and make a guarded table."""
    role = models.tables["membership_role"]
    role.append_column(Column("note", String(50)))
    role.append_constraint(CheckConstraint("note <> ''", name="note_says_something"))
    models.tables["user_account"].append_constraint(CheckConstraint("id <> -1", name="rebuilt"))
    proof = models.tables["audit_seal"]
    proof.append_constraint(CheckConstraint("seq <> -1", name="counts_up"))
    head = models.tables["audit_head"]
    head.constraints -= {check for check in head.constraints if isinstance(check, CheckConstraint)}
    head.append_constraint(CheckConstraint("id = 1 OR id = 2", name="one_row"))
    made = Table("tried", models, Column("id", Integer, primary_key=True), Column("word", String(9), nullable=False))
    append_only(made)
    guarded(made, guard("tried", "stays"))


def test_where_nothing_differs_nothing_is_written(folder):
    before = sorted(folder.rglob("*.py"))
    done = CliRunner().invoke(commands.group, ["revision", "-m", "nothing"])
    assert (done.exit_code, done.output) == (0, "Nothing differs; no migration written.\n")
    assert sorted(folder.rglob("*.py")) == before


def test_an_installed_program_writes_no_revision(folder):
    (folder.parent / "pyproject.toml").unlink()
    done = CliRunner().invoke(commands.group, ["revision", "-m", "nothing"])
    assert done.exit_code == 2
    assert done.output.count("\n") == 1


def test_a_revision_has_the_next_number_and_its_message(revise, models, folder):
    number = max(int(path.name[:4]) for path in (folder / "versions").glob("0*.py")) + 1
    Table("tried", models, Column("id", Integer, primary_key=True))
    assert revise("Try a table") == f"{number:04}_try_a_table.py"
    assert revise("again") == ""


@pytest.mark.both_databases
def test_a_revision_goes_up_and_down_with_its_triggers(revise, models, folder, empty):
    upgrade(directory=str(folder))
    shape, rules, calls = schema(empty), triggers(empty), functions(empty)
    change(models)
    assert revise("change much")
    upgrade(directory=str(folder))
    after = triggers(empty)
    assert rules.items() <= after.items()
    assert any(name.startswith("tried_") for name in after)
    assert schema(empty) != shape
    downgrade(directory=str(folder), revision="-1")
    assert (triggers(empty), functions(empty)) == (rules, calls)
    assert schema(empty) == shape


@pytest.mark.both_databases
def test_a_changed_schema_equals_its_models(revise, models, folder, empty, database_kind):
    change(models)
    assert revise("change much")
    upgrade(directory=str(folder))
    with create_app(databases.make_settings(databases.empty_database(database_kind))).app_context() as context:
        models.create_all(db.engine)
        wanted = schema(context.app)
        db.session.remove()
        db.engine.dispose()
    assert tables(schema(empty)) == tables(wanted)


@pytest.mark.both_databases
def test_triggers_that_change_come_or_go_are_written_for_both_databases(revise, models, folder, empty):
    upgrade(directory=str(folder))
    rules, calls = triggers(empty), functions(empty)
    models.tables["membership_role"].info["guards"] = guard("membership_role", "first words")
    models.tables["consent_text"].info.clear()
    assert revise("other rules")
    assert revise("nothing more") == ""
    upgrade(directory=str(folder))
    first = triggers(empty)
    assert "first words" in first["membership_role_rule"]
    assert not any(name.startswith(("consent_text", "membership_role_last")) for name in first)
    assert "membership_role_last_admin" not in functions(empty)
    models.tables["membership_role"].info["guards"] = guard("membership_role", "second words")
    assert revise("other words")
    upgrade(directory=str(folder))
    assert "second words" in triggers(empty)["membership_role_rule"]
    downgrade(directory=str(folder), revision="-1")
    assert triggers(empty) == first
    downgrade(directory=str(folder), revision="-1")
    assert (triggers(empty), functions(empty)) == (rules, calls)
