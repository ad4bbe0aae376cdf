"""Small dumps of a database: a few rows of every table with all they point to, kept to try later migrations on."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Date, DateTime, MetaData, Row, Table, select, text

type_rows = dict[str, dict[str, dict[str, Any]]]
"""By table and key, the columns."""
_EACH = 3


def tables_of(connection: Connection) -> list[Table]:
    """The tables of a database as they are, whatever the models say."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def rows_of(connection: Connection) -> type_rows:
    """Everything in a database."""
    return {
        table.name: {_key(table, row): dict(row._mapping) for row in connection.execute(select(table))}
        for table in tables_of(connection)
    }


def _key(table: Table, row: Row[Any]) -> str:
    return repr([row._mapping[column.name] for column in table.primary_key])


def take(connection: Connection, file: Path) -> None:
    """Write a small dump: some rows of every table, and what they point to."""
    tables = {table.name: table for table in tables_of(connection)}
    whole = rows_of(connection)
    kept: type_rows = {name: {} for name in tables}
    waiting = [(name, key) for name in tables for key in _ends(list(whole[name]))]
    while waiting:
        name, key = waiting.pop()
        if key not in kept[name]:
            kept[name][key] = whole[name][key]
            waiting += _pointed_to(tables[name], whole[name][key], whole)
    found = {name: [rows[key] for key in whole[name] if key in rows] for name, rows in kept.items()}
    file.write_text(json.dumps(found, default=_plain, indent=None, sort_keys=True).replace("}, {", "},\n{") + "\n")


def _ends(keys: list[str]) -> Iterable[str]:
    return {*keys[:_EACH], *keys[-_EACH:]}


def _pointed_to(table: Table, row: dict[str, Any], whole: type_rows) -> list[tuple[str, str]]:
    found = []
    for constraint in table.foreign_key_constraints:
        wanted = {each.column.name: row[each.parent.name] for each in constraint.elements}
        if None not in wanted.values():
            target = constraint.referred_table.name
            found += [(target, key) for key, other in whole[target].items() if wanted.items() <= other.items()]
    return found


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    assert isinstance(value, date)
    return value.isoformat()


def put(connection: Connection, file: Path) -> None:
    """Put a dump into an empty database of its version, past the triggers: its rows went through them once."""
    is_sqlite = connection.dialect.name == "sqlite"
    triggers = []
    if is_sqlite:
        triggers = list(connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")))
        for name, _sql in triggers:
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    found = json.loads(file.read_text())
    for table in tables_of(connection):
        for row in found[table.name]:
            values = {name: _typed(table, name, value) for name, value in row.items()}
            connection.execute(table.insert().values(values))
    for _name, sql in triggers:
        connection.exec_driver_sql(sql)


def _typed(table: Table, name: str, value: Any) -> Any:
    kind = table.c[name].type
    if isinstance(value, dict) and list(value) == ["bytes"]:
        return base64.b64decode(value["bytes"])
    if isinstance(value, str) and isinstance(kind, DateTime):
        read = datetime.fromisoformat(value)
        return read.replace(tzinfo=UTC) if kind.timezone else read
    if isinstance(value, str) and isinstance(kind, Date):
        return date.fromisoformat(value)
    return value
