"""Ways in which a view can fail; each error's text holds what must never reach a page or a log."""

from __future__ import annotations

import sqlite3
from typing import NoReturn

from flask import abort
from sqlalchemy import exc, text

from advocacy.core import errors
from advocacy.core.db import db

SECRET = "canary-9f3a /srv/secret/path.py SELECT password FROM user_account"
HTTP = (400, 403, 404, 405, 409, 410, 411, 413, 415, 418, 422, 429, 431, 500, 501, 503)
EXPECTED = {
    "not_found": (errors.NotFound, 404),
    "not_allowed": (errors.NotAllowed, 403),
    "rule_broken": (errors.RuleBroken, 422),
    "conflict": (errors.Conflict, 409),
    "gone": (errors.Gone, 410),
    "too_many": (errors.TooMany, 429),
    "unavailable": (errors.Unavailable, 503),
}
UNEXPECTED = {
    "value": (lambda: ValueError(SECRET), 500),
    "key": (lambda: KeyError(SECRET), 500),
    "recursion": (lambda: RecursionError(SECRET), 500),
    "sqlite": (lambda: sqlite3.OperationalError(SECRET), 503),
    "operational": (lambda: exc.OperationalError(SECRET, {"p": SECRET}, sqlite3.OperationalError(SECRET)), 503),
    "timeout": (lambda: exc.TimeoutError(SECRET), 503),
    "integrity": (lambda: exc.IntegrityError(SECRET, {"p": SECRET}, sqlite3.IntegrityError(SECRET)), 409),
    "data": (lambda: exc.DataError(SECRET, {"p": SECRET}, sqlite3.DataError(SECRET)), 400),
    "programming": (lambda: exc.ProgrammingError(SECRET, {"p": SECRET}, sqlite3.ProgrammingError(SECRET)), 500),
}
REAL = {"real_sql": 503}
"""A statement that the database itself refuses."""


def fail(what: str) -> NoReturn:
    """Fail as asked."""
    if what.isdecimal():
        abort(int(what))
    if what in EXPECTED:
        raise EXPECTED[what][0]("A sentence for people.")
    if what == "real_sql":
        db.session.execute(text("SELECT * FROM no_such_table_canary_9f3a"))
    error = UNEXPECTED[what][0]()
    raise error
