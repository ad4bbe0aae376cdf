"""The commands ``advocacy db``: bring the schema up, down, or compare it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import click
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.util import CommandError
from flask import Flask, current_app
from sqlalchemy import exc, func, inspect, select

from advocacy.app import create_app
from advocacy.core import crypto, paths, uow
from advocacy.core.commands import NotSo
from advocacy.core.db import db
from advocacy.core.errors import SettingsError
from advocacy.core.settings import load
from advocacy.serving.checks import check_folder, database_file, explain


@contextmanager
def _schema_of(app: Flask) -> Iterator[Config]:
    """Alembic's view of the app's database; what goes wrong becomes one line.

    Raises: SettingsError.
    """
    file = database_file(app)
    if file is not None:
        check_folder(file)
    with app.app_context():
        try:
            yield cast("Config", current_app.extensions["migrate"].migrate.get_config(str(paths.MIGRATIONS)))
        except exc.DBAPIError as error:
            raise SettingsError(explain(error)) from None
        except CommandError as error:
            first = (str(error).splitlines() or ["failed"])[0]
            msg = f"database: {first}"
            raise SettingsError(msg) from None
        finally:
            db.session.remove()
            db.engine.dispose()


def upgrade(app: Flask) -> None:
    """Bring the schema to the newest version, and make the key ring of a new installation.

    Raises: SettingsError.
    """
    key_file: Path = app.extensions["advocacy.settings"].security.key_file
    with _schema_of(app) as config:
        if key_file.exists():
            crypto.read_key_file(key_file)
        elif _has_data_keys():
            msg = f"keys: {key_file} is missing, and this database needs it; restore it from your backup"
            raise SettingsError(msg)
        command.upgrade(config, "head")
        crypto.new_key_file(key_file)


def _has_data_keys() -> bool:
    with uow.reading():
        if not inspect(db.session.connection()).has_table("data_key"):
            return False
        return bool(db.session.scalar(select(func.count()).select_from(crypto.DataKey)))


@click.group("db")
def group() -> None:
    """Bring the database's schema up to date."""


@group.command("upgrade")
def upgrade_command() -> None:
    """Bring the schema to the newest version; on a new installation also make its keys."""
    upgrade(create_app(load(), with_keys=False))


@group.command("downgrade")
@click.argument("revision")
def downgrade_command(revision: str) -> None:
    """Take the schema back to REVISION (``base``: to nothing)."""
    with _schema_of(create_app(load(), with_keys=False)) as config:
        command.downgrade(config, revision)


@group.command("current")
def current_command() -> None:
    """Print the version of the schema."""
    with _schema_of(create_app(load(), with_keys=False)), uow.reading():
        heads = MigrationContext.configure(db.session.connection()).get_current_heads()
    click.echo(" ".join(heads) or "none")


@group.command("check")
def check_command() -> None:
    """Compare the schema with what this program expects; exit 1 when they differ."""
    try:
        with _schema_of(create_app(load(), with_keys=False)) as config:
            command.check(config)
    except SettingsError as error:
        raise NotSo(error.message) from None
