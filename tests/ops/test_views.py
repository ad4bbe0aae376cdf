from __future__ import annotations

import pytest
from sqlalchemy import text

from advocacy.core.db import db


def test_healthz_answers_ok_without_a_database(app, client):
    """R-39: liveness asks nothing but the process itself."""
    db.engine.dispose()
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:////nowhere/at/all.db"
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok", "text/plain")


@pytest.mark.both_databases
def test_readyz_names_every_check(client):
    """R-39."""
    answer = client.get("/readyz")
    checks = answer.get_json()["checks"]
    assert {"database", "disk", "schema", "clock"} <= set(checks)
    assert all(checks[name]["ok"] for name in ("database", "disk", "schema", "clock")), checks


def test_readyz_with_a_stranger_schema_is_red(app, client):
    db.session.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)"))
    db.session.execute(text("DELETE FROM alembic_version"))
    db.session.execute(text("INSERT INTO alembic_version VALUES ('from_the_future')"))
    db.session.commit()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert answer.get_json()["checks"]["schema"]["ok"] is False
