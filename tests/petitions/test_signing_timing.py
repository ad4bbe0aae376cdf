"""A stop-watch tells nobody who signed: every attempt is the same work."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from advocacy.core import uow
from advocacy.core.db import db
from advocacy.petitions.services import facts
from advocacy.petitions.services import sign_statements as sql
from tests.factories.petitions import make_petition, sign, sign_and_confirm, signatures
from tests.support.work import run_due

ROUNDS = 300
SIGNER = "zoe@example.org"


@pytest.fixture
def work(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """What reaches the database: transactions, statements of the ORM, and the plain statements."""
    done: list[object] = []
    plain_run = uow.run_on

    def run_on(connection, steps, **options):
        done.append([statement.sqlite for statement, _params in steps])
        return plain_run(connection, steps, **options)

    monkeypatch.setattr(uow, "run_on", run_on)
    notes = {
        "begin": lambda _connection: done.append("begin"),
        "before_cursor_execute": lambda _connection, _cursor, statement, *_rest: done.append(statement),
    }
    for name, note in notes.items():
        event.listen(db.engine, name, note)
    yield done
    for name, note in notes.items():
        event.remove(db.engine, name, note)


@pytest.mark.settings(limits={"sign_network": 30, "sign_address_day": 6})
@pytest.mark.both_databases
def test_f02_fresh_double_and_held_signatures_are_the_same_statements(
    app: Flask, client: FlaskClient, work, monkeypatch
):
    monkeypatch.setattr(facts, "FACTS_S", 600.0)  # what is read of the petition once in a while is not what differs
    petition = make_petition()
    sign_and_confirm(client, petition, SIGNER)
    sign(client, petition.slug, "pending@example.org")

    def attempt(email: str, **fields: str) -> list[object]:
        del work[:]
        assert sign(client, petition.slug, email, **fields).status_code == 303
        return list(work)

    fresh = attempt("new@example.org")
    assert fresh == ["begin", [step.sqlite for step in (sql.COUNT_BOTH, *sql.STORING)]]
    robot = {"website": "https://spam.example"}
    assert attempt(SIGNER) == fresh
    assert attempt("pending@example.org") == fresh
    assert attempt("pending@example.org", name="Luis", postal_code="10001") == fresh
    assert attempt("pending@example.org", name="Luis") == fresh
    assert attempt("pending@example.org", name="Rosa") == fresh
    assert attempt(SIGNER, **robot) == fresh
    assert attempt("robot@example.org", **robot) == fresh
    assert attempt("robot@example.org", **robot) == fresh
    assert attempt("robot@example.org", name="The owner") == fresh
    for _number in range(6):  # above the limit of the address
        assert attempt(SIGNER) == fresh
    for number in range(30):  # above the limit of the network
        assert attempt(f"crowd{number}@example.org") == fresh
    assert attempt(SIGNER) == fresh
    assert [row.held_reason for row in signatures(petition.id)][-1] == "network"


@pytest.mark.long
@pytest.mark.settings(limits={"sign_network": 10**6, "sign_address_day": 10**6, "sign_ceiling_s": 0})
@pytest.mark.both_databases
def test_f02_fresh_double_and_held_signatures_take_the_same_time(app: Flask, client: FlaskClient):
    """Interleaved, medians of ``ROUNDS`` each; a double took 1.5 times as long when it was a second transaction."""
    chance = random.Random(7)
    petition = make_petition()
    sign_and_confirm(client, petition, SIGNER)
    tries: dict[str, Callable[[int], object]] = {
        "fresh": lambda number: sign(client, petition.slug, f"p{number}@example.org"),
        "double": lambda _number: sign(client, petition.slug, SIGNER),
        "held": lambda number: sign(client, petition.slug, f"h{number}@example.org", website="x"),
        "held double": lambda _number: sign(client, petition.slug, SIGNER, website="x"),
    }
    took: dict[str, list[float]] = {name: [] for name in tries}
    for number in range(-20, ROUNDS):
        for name, attempt in chance.sample(list(tries.items()), len(tries)):
            began = time.perf_counter()
            attempt(number)
            if number >= 0:
                took[name].append(time.perf_counter() - began)
    medians = {name: statistics.median(times) * 1000 for name, times in took.items()}
    assert max(medians.values()) / min(medians.values()) < 1.1, medians


@pytest.mark.both_databases
def test_repeated_request_for_a_double_sends_one_mail(app: Flask, client: FlaskClient):
    petition = make_petition()
    sign(client, petition.slug, SIGNER)
    key = {"Idempotency-Key": "double-1"}
    for _copy in range(3):
        assert sign(client, petition.slug, SIGNER, headers=key).status_code == 303
        run_due(app)
    assert signatures(petition.id)[0].mail_count == 2
    for _copy in range(2):  # and when the worker comes late
        sign(client, petition.slug, SIGNER, headers={"Idempotency-Key": "double-2"})
    run_due(app)
    assert signatures(petition.id)[0].mail_count == 3


@pytest.mark.both_databases
def test_repeated_request_for_a_fresh_signature_tells_nobody(app: Flask, client: FlaskClient):
    petition = make_petition()
    key = {"Idempotency-Key": "fresh-1"}
    for _copy in range(3):
        sign(client, petition.slug, SIGNER, headers=key)
        run_due(app)
    (row,) = signatures(petition.id)
    assert (row.state, row.mail_count) == ("pending", 1)


@pytest.mark.both_databases
def test_repeated_request_of_a_held_one_stays_held(app: Flask, client: FlaskClient):
    petition = make_petition()
    key = {"Idempotency-Key": "held-1"}
    sign(client, petition.slug, SIGNER, headers=key, website="x")
    sign(client, petition.slug, SIGNER, headers=key)
    run_due(app)
    assert [(row.state, row.mail_count) for row in signatures(petition.id)] == [("quarantined", 0)]
