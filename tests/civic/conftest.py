"""The commands of the room, and an app on real packs, shared by the tests that only read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from advocacy.app import create_app
from advocacy.civic.commands import civic
from advocacy.core.db import db, read_only
from tests.support import civic_packs, databases


@pytest.fixture
def run(app: Flask) -> Callable[..., str]:
    """``advocacy civic …``: its output; a refusal (status 2) is one line."""

    def call(*args: object, status: int = 0) -> str:
        outcome = CliRunner().invoke(civic, [str(arg) for arg in args], obj=lambda: app)
        assert outcome.exit_code == status, (outcome.output, outcome.exception)
        assert "Traceback" not in outcome.output
        if status == 2:
            assert len(outcome.stderr.strip().splitlines()) == 1
        db.session.remove()
        return outcome.output

    return call


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
