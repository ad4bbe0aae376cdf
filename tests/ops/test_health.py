"""R-39: liveness asks nothing; each fault turns its own field of readiness red, and it turns green again."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import event

from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.ops.services import health
from advocacy.queue.models import SchedulerLease


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def checks(client) -> dict[str, bool]:
    return {name: said["ok"] for name, said in client.get("/readyz").get_json()["checks"].items()}


@pytest.fixture
def ticking(app):
    """A worker that has just planned work."""
    with uow.unit():
        now = clock.now()
        db.session.add(SchedulerLease(id=1, token=1, holder="test", until=now + timedelta(minutes=1), ticked_at=now))


@pytest.mark.both_databases
def test_readiness_of_a_well_installation_is_200(client, ticking):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.get_json()["ready"] is True
    assert {"database", "disk", "schema", "clock", "queue", "worker", "mail"} <= set(answer.get_json()["checks"])


def test_readiness_tells_no_path_and_no_version(client):
    said = client.get("/readyz").text
    assert "/" not in said
    assert ".db" not in said
    assert "sqlite" not in said.lower()


def test_full_disk_turns_disk_red(client, ticking, monkeypatch):
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _path: Usage(10**10, 10**10, 10 * 2**20))
    assert checks(client)["disk"] is False
    monkeypatch.undo()
    assert checks(client)["disk"] is True


@pytest.mark.both_databases
def test_clock_apart_from_the_database_turns_clock_red(client, ticking, monkeypatch):
    real = clock.machine_now
    monkeypatch.setattr(clock, "machine_now", lambda: real() + timedelta(seconds=20))
    assert checks(client)["clock"] is False
    monkeypatch.undo()
    assert checks(client)["clock"] is True


def test_clock_moved_for_a_drill_is_no_fault(client, ticking, move_clock):
    move_clock(86400)
    assert checks(client)["clock"] is True


def test_worker_that_sleeps_turns_worker_red(client, ticking, move_clock):
    assert checks(client)["worker"] is True
    move_clock(120)
    assert checks(client)["worker"] is False


def test_database_gone_turns_database_red_and_the_rest_is_not_asked(app, client, ticking):
    client.get("/readyz")
    db.session.remove()
    db.engine.dispose()

    def refuse(*_args):
        raise sqlite3.OperationalError("gone")

    event.listen(db.engine, "do_connect", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    found = answer.get_json()["checks"]
    assert found["database"] == {"ok": False, "detail": "does not answer"}
    assert found["disk"]["ok"] is True
    assert found["queue"]["detail"] == "not asked: the database does not answer"
    event.remove(db.engine, "do_connect", refuse)
    assert client.get("/readyz").status_code == 200


def test_liveness_never_touches_the_database(app, client):
    db.session.remove()
    touched = []
    event.listen(db.engine, "checkout", lambda *_args: touched.append(1))
    assert client.get("/healthz").text == "ok"
    assert client.get("/healthz", headers={"Cookie": f"session={'A' * 43}"}).text == "ok"
    assert touched == []


def test_a_check_that_breaks_turns_only_its_line_red(app, client, ticking, monkeypatch):
    def broken() -> tuple[bool, str]:
        raise RuntimeError("secret")

    monkeypatch.setattr(health, "_clock", broken)
    answer = client.get("/readyz")
    assert answer.get_json()["checks"]["clock"] == {"ok": False, "detail": "does not answer"}
    assert answer.get_json()["checks"]["schema"]["ok"] is True
    assert "secret" not in answer.text
