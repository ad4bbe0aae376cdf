from __future__ import annotations

from sqlalchemy import text

from advocacy.core.db import db


def test_readyz_with_a_stranger_schema_is_red(app, client):
    db.session.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)"))
    db.session.execute(text("DELETE FROM alembic_version"))
    db.session.execute(text("INSERT INTO alembic_version VALUES ('from_the_future')"))
    db.session.commit()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert answer.get_json()["checks"]["schema"]["ok"] is False
