"""A copy of the migrations and a copy of the models, to change and to revise."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import MetaData

from advocacy.app import create_app
from advocacy.core import paths
from advocacy.core.db import db
from advocacy.serving import schema as commands
from tests.support import databases


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations, used in their place."""
    copy = tmp_path / "migrations"
    shutil.copytree(paths.MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr(paths, "MIGRATIONS", copy)
    return copy


@pytest.fixture
def models() -> MetaData:
    """A copy of the models to change."""
    copy = MetaData(naming_convention=db.metadata.naming_convention)
    for table in db.metadata.sorted_tables:
        table.to_metadata(copy)
    return copy


@pytest.fixture
def revise(folder: Path, models: MetaData) -> Callable[[str], str]:
    """Write a revision for the changed models and give its file's name."""

    def write(message: str) -> str:
        app = create_app(databases.make_settings(databases.empty_database("sqlite")))
        with app.app_context():
            app.extensions["migrate"].db = SimpleNamespace(engine=db.engine, metadata=models)
        with commands._schema_of(app) as config:
            made = commands.write_revision(config, message)
        return made.name if made else ""

    return write


@pytest.fixture
def empty(database_kind: str) -> Iterator[Flask]:
    """An app on a database without tables."""
    made = create_app(databases.make_settings(databases.empty_database(database_kind)))
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()
