"""D-06: an error says what to do and a number to quote; never a stack, SQL, a path or a version."""

from __future__ import annotations

import re
import sqlite3

import pytest
from flask import Flask
from sqlalchemy import event

from advocacy.core.db import db
from tests.support import faults, headers, walk

TELLS = re.compile(
    r"traceback|\.py\b|site-packages|sqlalchemy|werkzeug|jinja|psycopg|sqlite|\bselect\b.+\bfrom\b|canary|/srv/|/work/|/home/|flask|python/\d",
    re.IGNORECASE,
)


def assert_tells_nothing(answer) -> None:
    said = answer.data.decode("utf-8", "replace")
    found = TELLS.search(said)
    assert not found, said[max(0, found.start() - 80) : found.end() + 80]
    assert not TELLS.search(str(answer.headers)), answer.headers


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize("what", [*faults.EXPECTED, *faults.UNEXPECTED, *faults.REAL])
def test_d06_error_tells_nothing_and_gives_one_number(app_with_faults, what, accept):
    wanted = (
        faults.EXPECTED.get(what, (None, None))[1]
        or faults.UNEXPECTED.get(what, (None, None))[1]
        or faults.REAL.get(what)
    )
    answer = app_with_faults.test_client().get(f"/fault/{what}", headers={"Accept": accept})
    assert answer.status_code == wanted
    assert answer.mimetype == accept
    assert_tells_nothing(answer)
    headers.check(answer)
    assert answer.headers["X-Request-Id"] in answer.text
    if what in faults.EXPECTED:
        assert "A sentence for people." in answer.text
    assert ("Retry-After" in answer.headers) is (wanted in {429, 503})


@pytest.mark.both_databases
def test_d06_after_each_error_the_next_request_is_well(app_with_faults):
    client = app_with_faults.test_client()
    for what in [*faults.EXPECTED, *faults.UNEXPECTED, *faults.REAL]:
        client.get(f"/fault/{what}")
        assert client.get("/sign-in").status_code == 200
    assert client.get("/readyz").get_json()["checks"]["database"]["ok"] is True


@pytest.fixture
def lose_database(app: Flask):
    """From now on the database refuses every connection."""

    def lose() -> None:
        db.session.remove()
        db.engine.dispose()

        @event.listens_for(db.engine, "do_connect")
        def _refuse(*_args: object) -> None:
            raise sqlite3.OperationalError(faults.SECRET)

    return lose


def test_d06_every_page_without_a_database_is_calm(app, known, visitors, lose_database):
    paths = walk.readable(app, known)
    lose_database()
    for client in visitors.values():
        for route in paths:
            answer = client.get(route.path)
            assert answer.status_code in {200, 303, 404, 410, 503}, f"{route.path} {answer.status_code}"
            assert_tells_nothing(answer)
            if answer.status_code == 503:
                assert answer.headers["Retry-After"]
    assert client.get("/healthz").status_code == 200


def test_d06_every_post_without_a_database_is_calm(app, known, visitors, lose_database):
    found = walk.unsafe(app, known)
    lose_database()
    for client in visitors.values():
        for route, method in found:
            answer = client.open(
                route.path, method=method, data={"email": "a@example.org", "password": "x", "name": "A B"}
            )
            assert answer.status_code in {303, 400, 403, 404, 410, 413, 422, 503}, f"{route.path} {answer.status_code}"
            assert_tells_nothing(answer)


def test_d06_broken_error_template_still_answers(app_with_faults, monkeypatch):
    from advocacy.web import errors

    def broken(*_args, **_kwargs):
        raise RuntimeError(faults.SECRET)

    monkeypatch.setattr(errors, "render_template", broken)
    answer = app_with_faults.test_client().get("/fault/500")
    assert answer.status_code == 500
    assert_tells_nothing(answer)
    assert answer.headers["X-Request-Id"] in answer.text
