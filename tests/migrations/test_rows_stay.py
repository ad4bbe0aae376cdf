"""R-26 and R-27: rows of every stored dump come through later migrations, up, down and up again, on both databases.

A dump of a version is made once, from ``advocacy demo`` at that version, by ``tests.support.dumps.take``; its people are
made up and its keys are gone.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade

from advocacy.core import paths
from advocacy.core.db import db
from tests.migrations.test_revisions import change
from tests.support import dumps

DUMPS = sorted((Path(__file__).parent / "dumps").glob("*.json"))
CHANGED: dict[str, set[str]] = {}
"""By revision, the columns (``table.column``) or tables whose old values it changes or takes away on purpose."""


def assert_kept(before: dumps.type_rows, after: dumps.type_rows, changed: set[str]) -> None:
    for table, rows in before.items():
        if table in changed:
            continue
        assert after[table].keys() == rows.keys(), table
        for key, row in rows.items():
            kept = {name: value for name, value in row.items() if f"{table}.{name}" not in changed}
            assert {name: after[table][key].get(name, "gone") for name in kept} == kept, f"{table} {key}"


def rows() -> dumps.type_rows:
    with db.engine.connect() as connection:
        return dumps.rows_of(connection)


@pytest.mark.both_databases
@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.stem)
def test_r26_r27_rows_stay_through_every_migration(empty, dump):
    directory = str(paths.MIGRATIONS)
    upgrade(directory=directory, revision=dump.stem)
    with db.engine.begin() as connection:
        dumps.put(connection, dump)
    first = before = rows()
    assert sum(map(len, first.values())) > 200
    scripts = ScriptDirectory(directory)
    later = [script.revision for script in scripts.iterate_revisions("head", dump.stem)][::-1]
    assert dump.stem not in later
    for revision in later:
        upgrade(directory=directory, revision=revision)
        after = rows()
        assert_kept(before, after, CHANGED.get(revision, set()))
        before = after
    all_changed = set().union(*(CHANGED.get(revision, set()) for revision in later))
    downgrade(directory=directory, revision=dump.stem)
    assert_kept(first, rows(), all_changed)
    upgrade(directory=directory)
    assert_kept(first, rows(), all_changed)


@pytest.mark.both_databases
def test_r26_a_revision_of_our_command_keeps_rows(revise, models, folder, empty):
    upgrade(directory=str(folder), revision=DUMPS[-1].stem)
    with db.engine.begin() as connection:
        dumps.put(connection, DUMPS[-1])
    upgrade(directory=str(folder))
    before = rows()
    change(models)
    assert revise("change much")
    upgrade(directory=str(folder))
    assert_kept(before, rows(), set())
    downgrade(directory=str(folder), revision="-1")
    assert rows() == before
