"""R-38 and N-12: what is wrong ends a start with status 2 and one line, before anything runs."""

from __future__ import annotations

import json
import socket
from base64 import b64encode
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from advocacy.app import create_app
from advocacy.core.db import db
from advocacy.core.errors import SettingsError
from advocacy.serving import checks
from tests.support import databases
from tests.support.servers import environment, free_port, run


def refusal(*arguments: str, env: dict[str, str]) -> str:
    done = run(*(arguments or ("serve", "--port", str(free_port()))), env=env)
    assert done.returncode == 2, done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.mark.parametrize(
    "name, value, said",
    [
        ("ADVOCACY__SERVER__PORT", "http", "server.port"),
        ("ADVOCACY__SERVER__COLOUR", "red", "ADVOCACY__SERVER__COLOUR: unknown key"),
        ("ADVOCACY__QUEUE__ENGINE", "celery", "queue.engine"),
        ("ADVOCACY_CONFIG", "/nowhere/config.toml", "/nowhere/config.toml"),
    ],
)
def test_r38_wrong_settings_are_named(database_url, name, value, said):
    assert said in refusal("serve", env=environment(database_url, **{name: value}))


def test_n12_debug_mode_on_a_public_address_is_refused(database_url):
    env = environment(database_url, SERVER__DEBUG="true", SERVER__BASE_URL="https://example.org")
    assert "server.debug" in refusal(env=env)


@pytest.mark.parametrize(
    "host, base_url, is_fine",
    [("127.0.0.1", "", True), ("0.0.0.0", "", False), ("::1", "", True)],  # noqa: S104 - what is refused
)
def test_n12_debug_mode_is_for_this_machine(host, base_url, is_fine):
    settings = databases.make_settings("sqlite:///x.db", server={"debug": True, "host": host, "base_url": base_url})
    if is_fine:
        checks.check_settings(settings)
    else:
        with pytest.raises(SettingsError, match="debug"):
            checks.check_settings(settings)


def test_n12_missing_keys_are_refused(database_url, tmp_path):
    assert "is missing" in refusal(env=environment(database_url, SECURITY__KEY_FILE=str(tmp_path / "none.json")))


@pytest.mark.parametrize("key", [bytes(32), b"changeme" * 4, b"short"])
def test_n12_weak_or_sample_keys_are_refused(database_url, tmp_path, key):
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"current": "k1", "keys": {"k1": b64encode(key).decode()}}))
    file.chmod(0o600)
    assert "too weak" in refusal(env=environment(database_url, SECURITY__KEY_FILE=str(file)))


def test_n12_keys_that_others_can_read_are_refused(database_url, tmp_path):
    file = tmp_path / "keys.json"
    file.write_bytes(databases.key_file().read_bytes())
    file.chmod(0o644)
    assert "chmod 600" in refusal(env=environment(database_url, SECURITY__KEY_FILE=str(file)))


def test_r38_missing_database_is_not_made_in_passing(tmp_path):
    file = tmp_path / "none.db"
    assert "advocacy db upgrade" in refusal(env=environment(f"sqlite:///{file}"))
    assert not file.exists()


def test_r38_unreadable_database_is_refused(tmp_path):
    file = tmp_path / "broken.db"
    file.write_bytes(b"This is not a database, whatever its name says." * 100)
    assert "not a database" in refusal(env=environment(f"sqlite:///{file}"))


def test_r38_folder_that_cannot_be_made_is_refused():
    assert "does not exist" in refusal("serve", env=environment("sqlite:////proc/advocacy/x.db"))
    assert "cannot be made" in refusal("db", "upgrade", env=environment("sqlite:////proc/advocacy/x.db"))


def test_r38_read_only_folder_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "x.db"
    file.touch()
    monkeypatch.setattr(checks.os, "access", lambda path, mode: path != tmp_path)
    with pytest.raises(SettingsError, match="cannot be written"):
        checks.check_folder(file)


def test_r38_unreachable_server_is_refused():
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    assert refusal(env=environment(url)).startswith("database: ")


@pytest.mark.postgres
def test_r38_missing_postgres_database_is_refused(database_url):
    url = databases.with_database(database_url, "no_such_database")
    assert "no_such_database" in refusal(env=environment(url))


def set_version(url: str, revision: str | None) -> None:
    with create_app(databases.make_settings(url)).app_context():
        with db.engine.begin() as connection:
            connection.execute(text("DELETE FROM alembic_version"))
            if revision:
                connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})
        db.engine.dispose()


@pytest.mark.both_databases
def test_r38_older_schema_says_what_to_run(database_url):
    set_version(database_url, None)
    assert refusal(env=environment(database_url)).endswith("run: advocacy db upgrade")
    assert refusal("worker", env=environment(database_url)).endswith("run: advocacy db upgrade")


@pytest.mark.both_databases
def test_r38_newer_schema_is_left_alone(database_url):
    set_version(database_url, "ffff99990000")
    assert "newer than this program" in refusal(env=environment(database_url))


def test_r38_port_in_use_is_refused(database_url):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"port {port} on 127.0.0.1 is in use" in refusal(
            "serve", "--port", str(port), env=environment(database_url)
        )


def test_r38_address_of_another_machine_is_refused(database_url):
    said = refusal("serve", "--host", "192.0.2.1", "--port", str(free_port()), env=environment(database_url))
    assert "cannot be used" in said


def new_database(kind: str, tmp_path: Path) -> str:
    if kind == "sqlite":
        return f"sqlite:///{tmp_path}/deep/er/new.db"
    name = f"new_{tmp_path.name.lower()}".replace("-", "_")[:60]
    with psycopg.connect(databases.postgres_server(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')
    return databases.with_database(databases.postgres_server(), name)


@pytest.mark.both_databases(long=True)
def test_db_upgrade_on_a_new_installation_makes_schema_and_keys_once(database_kind, tmp_path):
    keys = tmp_path / "instance" / "keys.json"
    env = environment(new_database(database_kind, tmp_path), SECURITY__KEY_FILE=str(keys))
    done = run("db", "upgrade", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    ring = keys.read_bytes()
    assert keys.stat().st_mode & 0o777 == 0o600
    assert run("db", "upgrade", env=env).returncode == 0
    assert keys.read_bytes() == ring
    assert run("db", "current", env=env).stdout.strip() not in {"", "none"}
    assert run("db", "check", env=env).returncode == 0


def test_db_upgrade_when_the_keys_of_old_data_are_missing_is_refused(app, database_url, tmp_path):
    from advocacy.core import crypto, uow

    with uow.unit():
        crypto.seal("coalition:1", "x", table="t", column="c", row="r")
    db.session.remove()
    keys = tmp_path / "keys.json"
    assert "restore it" in refusal("db", "upgrade", env=environment(database_url, SECURITY__KEY_FILE=str(keys)))
    assert not keys.exists()
