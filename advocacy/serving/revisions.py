"""What ``advocacy db revision`` writes: how the models differ from the last revision, and the triggers on the way.

SQLite changes a table by copying and dropping it, and its triggers go with the old one; a trigger elsewhere that names
the table makes that fail. So a revision takes every such trigger away first and makes it again at its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import ops
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, MetaData, Table, inspect, text
from sqlalchemy.schema import conv

from advocacy.core.db import append_only_statements

DIALECTS = ("sqlite", "postgresql")
_FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\(")
_CALL = re.compile(r"EXECUTE FUNCTION (\w+)\(")
_TRIGGER = re.compile(r"CREATE (?:CONSTRAINT )?TRIGGER (\w+) .*? ON (\w+)\b")
_DROP = re.compile(r"DROP TRIGGER IF EXISTS (\w+)(?: ON (\w+))?")

type_guards = dict[tuple[str, str], tuple[str, ...]]
"""By table and trigger, the statements that make it."""


def write(config: Config, message: str) -> Path | None:
    """Write the next revision, or nothing where nothing differs; the database must be at the last one."""
    scripts = ScriptDirectory.from_config(config)
    known = list(scripts.walk_revisions())[::-1]
    number = max((int(found.revision) for found in known if found.revision.isdigit()), default=0) + 1
    past = [
        sql
        for found in known
        for name in ("DROPPED", "GUARDS")
        for sql in getattr(found.module, name, {}).get("postgresql", ())
    ]

    def complete(context: MigrationContext, revision: object, directives: list[ops.MigrationScript]) -> None:
        del revision
        connection, metadata = context.connection, context.opts["target_metadata"]
        assert connection is not None  # noqa: S101 - a comparison has one
        up, down = directives[0].upgrade_ops, directives[0].downgrade_ops
        assert up is not None and down is not None  # noqa: S101, PT018 - autogenerate fills both
        _compare_checks(connection, metadata, up)
        up.reverse_into(down)
        for operation in (*up.ops, *down.ops):
            if isinstance(operation, ops.CreateTableOp):
                operation.info = {}  # our marks for the models; the triggers are written out
        before = {"sqlite": _guards(_in_database(connection)), "postgresql": _guards(past)}
        config.attributes["guards"] = _sections(
            before, metadata, {str(getattr(operation, "table_name", "")) for operation in up.ops}
        )
        if up.is_empty() and not config.attributes["guards"]:
            directives[:] = []

    made = command.revision(
        config, message, autogenerate=True, rev_id=f"{number:04}", process_revision_directives=complete
    )
    found = made[0] if isinstance(made, list) and made else made
    return None if not found or isinstance(found, list) else Path(found.path)


# --- checks, which Alembic does not compare -------------------------------------------------------------------------


def _compare_checks(connection: Connection, metadata: MetaData, up: ops.UpgradeOps) -> None:
    inspector = inspect(connection)
    changes = {found.table_name: found for found in up.ops if isinstance(found, ops.ModifyTableOps)}
    for table in metadata.sorted_tables:
        if not inspector.has_table(table.name):
            continue
        wanted = {str(check.name): check for check in table.constraints if isinstance(check, CheckConstraint)}
        known = {str(row["name"]): row["sqltext"] for row in inspector.get_check_constraints(table.name)}
        texts = {name: str(check.sqltext.compile(connection)) for name, check in wanted.items()}
        gone = [name for name in known if _flat(known[name]) != _flat(texts.get(name, ""))]
        new = [name for name in wanted if name not in known or name in gone]
        if gone or new:
            if table.name not in changes:
                changes[table.name] = ops.ModifyTableOps(table.name, [])
                up.ops.append(changes[table.name])
            old = Table(
                table.name, MetaData(), *(CheckConstraint(text(known[name]), name=conv(name)) for name in sorted(gone))
            )
            found = [check for check in old.constraints if isinstance(check, CheckConstraint)]
            # First the checks: PostgreSQL drops a column with its checks.
            changes[table.name].ops[:0] = [ops.DropConstraintOp.from_constraint(check) for check in found]
            changes[table.name].ops += [ops.AddConstraintOp.from_constraint(wanted[name]) for name in sorted(new)]


# --- triggers -------------------------------------------------------------------------------------------------------


def _flat(sql: str) -> str:
    return " ".join(sql.split())


def _in_database(connection: Connection) -> list[str]:
    rows = connection.execute(text("SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid"))
    return [sql for (sql,) in rows]


def _in_models(metadata: MetaData, dialect: str) -> list[str]:
    found = []
    for table in metadata.sorted_tables:
        if table.info.get("append_only"):
            found += append_only_statements(table.name, dialect)
        found += table.info.get("guards", {}).get(dialect, ())
    return found


def _guards(statements: Iterable[str]) -> type_guards:
    """What stands after these statements, run in this order."""
    functions: dict[str, str] = {}
    triggers: dict[tuple[str, str], str] = {}
    for sql in map(_flat, statements):
        if match := _FUNCTION.match(sql):
            functions[match[1]] = sql
        elif match := _TRIGGER.match(sql):
            triggers[match[2], match[1]] = sql
        elif match := _DROP.match(sql):
            triggers = {key: made for key, made in triggers.items() if key != (match[2] or key[0], match[1])}
    return {key: (*(functions[name] for name in _CALL.findall(sql)), sql) for key, sql in triggers.items()}


def _sections(before: Mapping[str, type_guards], metadata: MetaData, touched: set[str]) -> dict[str, str]:
    """The constants of the revision: what it takes away, what it makes, what its downgrade makes; none: no trigger."""
    dropped, made, made_before = {}, {}, {}
    for dialect in DIALECTS:
        old, new = before[dialect], _guards(_in_models(metadata, dialect))
        keys = [key for key in (new | old) if old.get(key) != new.get(key) or _names(touched, old, new, key)]
        made[dialect] = _unique(sql for key in keys for sql in new.get(key, ()))
        made_before[dialect] = _unique(sql for key in keys for sql in old.get(key, ()))
        lone = _functions(old) ^ _functions(new)
        place = " ON {}" if dialect == "postgresql" else ""
        dropped[dialect] = [f"DROP TRIGGER IF EXISTS {name}{place.format(table)}" for table, name in keys]
        dropped[dialect] += [f"DROP FUNCTION IF EXISTS {name}()" for name in sorted(lone)]
    if not any(dropped.values()):
        return {}
    constants = {"DROPPED": dropped, "GUARDS": made, "GUARDS_BEFORE": made_before}
    return {name: _render(statements) for name, statements in constants.items()}


def _names(touched: set[str], old: type_guards, new: type_guards, key: tuple[str, str]) -> bool:
    words = {word for sql in (*old.get(key, ()), *new.get(key, ())) for word in re.findall(r"\w+", sql)}
    return not words.isdisjoint(touched)


def _functions(guards: type_guards) -> set[str]:
    return {name for made in guards.values() for name in _CALL.findall(made[-1])}


def _unique(statements: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(statements))


def _render(statements: Mapping[str, list[str]]) -> str:
    lines = ["{"]
    for dialect, found in statements.items():
        lines += [f'    "{dialect}": [', *(f"        {sql!r}," for sql in found), "    ],"]
    return "\n".join([*lines, "}"])
