"""Fixtures of every test: a fresh database, the app on it, a client, a moved clock."""

from __future__ import annotations

import gc
import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from advocacy.app import create_app
from advocacy.core import clock, crypto
from advocacy.core.db import db
from advocacy.core.settings import Settings
from tests.support import databases, quicker

quicker.install()
CIVIC_DATA = Path(os.environ.get("ADVOCACY_TEST_CIVIC_DATA", Path(__file__).parents[2] / "shared/data/civic"))


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL once where several processes share the tests: they would start it into each other's way."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        os.environ.setdefault(databases.POSTGRES_URL, databases.postgres_server())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked ``long`` wait for ``ADVOCACY_TEST_LONG=1``."""
    if not os.environ.get("ADVOCACY_TEST_LONG"):
        for item in items:
            if item.get_closest_marker("long") is not None:
                item.add_marker(pytest.mark.skip(reason="takes minutes; runs with ADVOCACY_TEST_LONG=1"))


def pytest_collection_finish() -> None:
    """Let the collector pass over what all tests share: walking thousands of tests again and again took a quarter."""
    gc.collect()
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests marked ``both_databases`` run on SQLite and on PostgreSQL, the others on SQLite.

    With ``long=True`` PostgreSQL waits for the long suite: the same pages in a browser, for half a minute.
    """
    if "database_kind" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_databases")
        only_postgres = metafunc.definition.get_closest_marker("postgres") is not None
        postgres = (
            pytest.param("postgresql", marks=pytest.mark.long) if both and both.kwargs.get("long") else "postgresql"
        )
        kinds = ["sqlite", postgres] if both else ["postgresql"] if only_postgres else ["sqlite"]
        metafunc.parametrize("database_kind", kinds)


@pytest.fixture
def database_url(database_kind: str) -> Iterator[str]:
    """A fresh database with the schema."""
    url = databases.new_database(database_kind)
    yield url
    databases.drop(url)


@pytest.fixture
def settings(database_url: str, request: pytest.FixtureRequest) -> Settings:
    """Settings of the app; ``@pytest.mark.settings(limits={...})`` changes sections."""
    marker = request.node.get_closest_marker("settings")
    return databases.make_settings(database_url, **(marker.kwargs if marker else {}))


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The app on a fresh database, with its context pushed."""
    crypto.data_keys.clear()
    made = create_app(settings)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()
    clock.use_offset_file(None)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor without cookies."""
    return app.test_client()


@pytest.fixture
def move_clock(tmp_path: Path) -> Iterator[Callable[[float], None]]:
    """Move ``core.clock`` by seconds: ``move_clock(3600)``."""
    file = tmp_path / "clock-offset"
    moves = itertools.count(1)

    def move(seconds: float) -> None:
        made = file.with_suffix(".new")
        made.write_text(str(seconds), encoding="ascii")
        os.utime(made, ns=(0, next(moves)))
        made.replace(file)  # whole or not at all: other threads read it meanwhile

    move(0)
    clock.use_offset_file(file)
    yield move
    clock.use_offset_file(None)


@pytest.fixture(scope="session")
def civic_data() -> Path:
    """Real districts and members; tests that need them skip with a reason where they are absent."""
    if not CIVIC_DATA.is_dir():
        pytest.skip(f"no civic data at {CIVIC_DATA} (set ADVOCACY_TEST_CIVIC_DATA)")
    return CIVIC_DATA
