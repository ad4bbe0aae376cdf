"""R-18, R-20: the database is locked, or dies and comes back; the program only says so, and goes on."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
import requests

from tests.support import databases
from tests.support.own_postgres import OwnPostgres
from tests.support.signing_load import Crowd, judge
from tests.support.stage import START_S, Stage, stage
from tests.support.waiting import wait

IS_LONG = bool(os.environ.get("ADVOCACY_TEST_LONG"))
LOCK_WAIT_S = 2
HANG_S = 30.0
FORM = {"name": "Rosalind Okafor", "email": "while-locked@example.org", "postal_code": "55401", "country": "US"}


@contextmanager
def _locked(on_stage: Stage, how: str) -> Iterator[None]:
    """Somebody else holds a lock, until left."""
    if how == "file":
        connection = sqlite3.connect(on_stage.file, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")
            connection.close()
        return
    statement = {
        "row": "SELECT 1 FROM petition FOR UPDATE",
        "table": "LOCK TABLE signature IN SHARE ROW EXCLUSIVE MODE",
        "schema": "ALTER TABLE mail ADD COLUMN drill integer",
    }[how]
    with psycopg.connect(on_stage.url) as held:
        held.execute(statement)
        yield
        held.rollback()


def _lock_drill(on_stage: Stage, url: str, how: str, hold_s: float, *, reads_go_on: bool) -> None:
    page = f"{url}/petitions/{on_stage.slug}"
    with Crowd(url, on_stage.slug, people=8, pause_s=0.05, prefix=how) as crowd:
        wait(lambda: len(crowd.ledger.acknowledged) > 8, START_S, "people sign")
        with _locked(on_stage, how):
            until = time.monotonic() + hold_s
            time.sleep(0.2)
            during = len(crowd.ledger.acknowledged)
            refused = requests.post(f"{page}/signatures", FORM, allow_redirects=False, timeout=HANG_S)
            assert refused.status_code == 503, f"{how}: {refused.status_code}"
            assert int(refused.headers["Retry-After"]) > 0
            assert "Nothing was stored" in refused.text
            while reads_go_on and time.monotonic() < until:
                began = time.monotonic()
                assert requests.get(f"{page}?{began}", timeout=HANG_S).status_code == 200
                assert requests.get(f"{page}/count.json?{began}", timeout=HANG_S).status_code == 200
                assert time.monotonic() - began < LOCK_WAIT_S, "readers wait for the writer"
                time.sleep(0.1)
            time.sleep(max(0.0, until - time.monotonic()))
            assert len(crowd.ledger.acknowledged) <= during + 8, "the lock held nobody up"  # control
        after = len(crowd.ledger.acknowledged)
        wait(lambda: len(crowd.ledger.acknowledged) > after + 16, 15, f"people sign again after the lock ({how})")
    assert set(crowd.ledger.statuses) == {303, 503}, f"{how}: {crowd.ledger.statuses}"
    assert not crowd.ledger.breaks
    assert max(crowd.ledger.took_s) < HANG_S
    verdict = judge(crowd.ledger, on_stage.stored(crowd.ledger.tried))
    assert verdict, f"{how}: {verdict}"


def test_r18_locked_file_makes_writers_wait_then_come_back_while_readers_go_on(on_stage: Stage) -> None:
    with on_stage.server("--no-worker", DATABASE__LOCK_WAIT_S=str(LOCK_WAIT_S)) as server:
        url = f"http://127.0.0.1:{server.port}"
        with Crowd(url, on_stage.slug, people=8, prefix="short") as crowd, _locked(on_stage, "file"):
            time.sleep(1.0)
        assert set(crowd.ledger.statuses) == {303}, "a lock shorter than the wait was noticed"
        assert max(crowd.ledger.took_s) > 0.5, "the lock held nobody up"  # control
        _lock_drill(on_stage, url, "file", 8.0 if IS_LONG else 5.0, reads_go_on=True)


@pytest.mark.postgres
def test_r18_locks_of_three_kinds_are_waited_for_then_refused(on_stage: Stage) -> None:
    with on_stage.server("--no-worker", DATABASE__LOCK_WAIT_S=str(LOCK_WAIT_S)) as server:
        url = f"http://127.0.0.1:{server.port}"
        for how in ("row", "table", "schema"):
            _lock_drill(on_stage, url, how, 8.0 if IS_LONG else 3.0, reads_go_on=how != "schema")


@pytest.mark.timeout(900)
def test_r20_database_killed_and_back_needs_no_restart_and_loses_nothing(seed: int) -> None:
    chance = random.Random(seed)
    kills = 6 if IS_LONG else 1
    with OwnPostgres() as postgres:
        databases.build_schema(databases.create_app(databases.make_settings(postgres.url)))
        with stage(postgres.url) as on_stage, on_stage.server(DATABASE__LOCK_WAIT_S=str(LOCK_WAIT_S)) as server:
            processes = sorted(server.processes())
            url = f"http://127.0.0.1:{server.port}"
            with Crowd(url, on_stage.slug, people=6, pause_s=0.01) as crowd:
                for _kill in range(kills):
                    _kill_database(postgres, crowd, url, chance)
            assert set(crowd.ledger.statuses) == {303, 503}, crowd.ledger.statuses
            assert not crowd.ledger.breaks
            assert max(crowd.ledger.took_s) < HANG_S
            verdict = judge(crowd.ledger, on_stage.stored(crowd.ledger.tried))
            assert verdict, str(verdict)
            assert sorted(server.processes()) == processes, "something was started again"
            sent = "SELECT COUNT(*) FROM mail WHERE state = 'sent'"
            before = on_stage.value(sent)
            wait(lambda: on_stage.value(sent) > before, START_S, "the worker sends again")
            if IS_LONG:
                left = "SELECT COUNT(*) FROM mail WHERE state <> 'sent'"
                wait(lambda: on_stage.value(left) == 0, 240, "every mail is sent, those in hand after their lease")


def _kill_database(postgres: OwnPostgres, crowd: Crowd, url: str, chance: random.Random) -> None:
    count = len(crowd.ledger.acknowledged)
    wait(lambda: len(crowd.ledger.acknowledged) > count + 20, START_S, "people sign")
    time.sleep(chance.uniform(0, 0.3))
    postgres.kill9()
    refused = crowd.ledger.statuses[503]
    wait(lambda: crowd.ledger.statuses[503] > refused, HANG_S, "people are told")
    assert requests.get(f"{url}/healthz", timeout=HANG_S).status_code == 200
    assert requests.get(f"{url}/readyz", timeout=HANG_S).status_code == 503
    postgres.start()
    count = len(crowd.ledger.acknowledged)
    wait(lambda: len(crowd.ledger.acknowledged) > count + 20, HANG_S, "people sign again")
    wait(lambda: requests.get(f"{url}/readyz", timeout=HANG_S).status_code == 200, HANG_S, "it is ready again")
