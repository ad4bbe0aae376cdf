"""An app on real packs, shared by the tests that only read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from advocacy.app import create_app
from advocacy.core.db import db, read_only
from tests.support import civic_packs, databases


@pytest.fixture
def real_app(civic_data: Path) -> Iterator[Flask]:
    """The app on imported real data; the database refuses writes."""
    with _reading(civic_packs.real_database(civic_data)) as app:
        yield app


@pytest.fixture
def country_app(civic_data: Path) -> Iterator[Flask]:
    """The same with the legislatures of all states."""
    with _reading(civic_packs.whole_country(civic_data)) as app:
        yield app


@contextmanager
def _reading(url: str) -> Iterator[Flask]:
    app = create_app(databases.make_settings(url))
    with app.app_context(), read_only():
        yield app
        db.session.remove()
        db.engine.dispose()
