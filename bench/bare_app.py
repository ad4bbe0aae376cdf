"""The bare opponents: Flask with nothing but one plain statement, on the same server as ours.

``/hello`` is Flask's constant answer. A bare visitor gets ``/page`` (a Jinja page of our page's size with a token, and
the session cookie that holds it) and posts to ``/sign``: token compared, three fields, one autocommit INSERT. ``/seat``
is a page of the size of our answer to a ZIP code, with one SELECT by its key.
"""

from __future__ import annotations

import hmac
import os
import secrets
import sqlite3
import threading

import psycopg
from flask import Flask, abort, redirect, request, session

URL = os.environ["BENCH_BARE_URL"]
PAGE = '<!doctype html><title>Sign</title><input name="token" value="{{ token }}">' + "x" * 9000
app = Flask(__name__)
app.secret_key = os.environ["BENCH_SECRET"]
template = app.jinja_env.from_string(PAGE)
seat_template = app.jinja_env.from_string("<!doctype html><title>Seat</title><p>{{ seat }}</p>" + "x" * 17000)
local = threading.local()
lock = threading.Lock()


def connection() -> sqlite3.Connection | psycopg.Connection:
    """One connection a thread, autocommit, durable."""
    found = getattr(local, "connection", None)
    if found is None:
        if URL.startswith("postgresql"):
            found = psycopg.connect(URL, autocommit=True)
        else:
            found = sqlite3.connect(URL.removeprefix("sqlite:///"), timeout=10, isolation_level=None)
            found.execute("PRAGMA journal_mode=WAL")
            found.execute("PRAGMA synchronous=FULL")
        local.connection = found
    return found


@app.get("/hello")
def hello() -> str:
    """A constant."""
    return "hello"


@app.get("/page")
def page() -> str:
    """The form."""
    session["token"] = token = secrets.token_hex(16)
    return template.render(token=token)


@app.post("/seat")
def seat() -> str:
    """One SELECT."""
    code = request.form["postal_code"]
    if URL.startswith("postgresql"):
        row = connection().execute("SELECT seat FROM bare_seat WHERE code = %s", (code,)).fetchone()
    else:
        row = connection().execute("SELECT seat FROM bare_seat WHERE code = ?", (code,)).fetchone()
    return seat_template.render(seat=row[0] if row else "")


@app.post("/sign")
def sign() -> object:
    """One statement."""
    if not hmac.compare_digest(request.form["token"], session.get("token", "")):
        abort(400)
    values = (request.form["name"], request.form["email"], request.form["postal_code"])
    if URL.startswith("postgresql"):
        connection().execute("INSERT INTO bare_signature (name, email, postal_code) VALUES (%s, %s, %s)", values)
    else:
        with lock:
            connection().execute("INSERT INTO bare_signature (name, email, postal_code) VALUES (?, ?, ?)", values)
    return redirect("/page", 303)
