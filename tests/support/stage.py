"""A database with one open petition, for drills with real processes; its rows are read from outside the processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import make_url

from advocacy.app import create_app
from advocacy.core import crypto, uow
from advocacy.core.db import db
from advocacy.petitions.services.addressing import canonical_address
from advocacy.petitions.services.signing import email_key
from tests.factories.petitions import make_petition
from tests.support import databases
from tests.support.servers import Server
from tests.support.signing_load import Stored
from tests.support.smtp_sink import SmtpSink

SLUG = "beds-close-to-home"
LIMITS_OFF = {"LIMITS__SIGN_NETWORK": "0", "LIMITS__SIGN_ADDRESS_DAY": "0", "LIMITS__SIGN_CEILING_S": "0"}
START_S = 60.0
"""Other tests share the processors, and each process imports everything."""
_ROWS = """
    SELECT s.email_key, COUNT(DISTINCT s.id), COUNT(m.id)
    FROM signature s LEFT JOIN mail m ON m.object_kind = 'signature' AND m.object_id = s.id
    WHERE s.petition_id = :petition_id
    GROUP BY s.email_key"""


def mail_to(sink: SmtpSink) -> dict[str, str]:
    """The environment that sends mail to a sink."""
    return {f"MAIL__{name.upper()}": str(value) for name, value in sink.settings().items()}


class DrillClock:
    """A clock that several processes share, and that can be moved."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.offset_s = 0.0
        self._write()

    def move(self, seconds: float) -> None:
        """Move it on from where it is."""
        self.offset_s += seconds
        self._write()

    def _write(self) -> None:
        made = self.file.with_suffix(".new")
        made.write_text(str(self.offset_s), encoding="ascii")
        made.replace(self.file)


@dataclass(frozen=True)
class Stage:
    """An app of this test process on the drill's database, to look at rows with."""

    app: Flask
    url: str
    coalition_id: int
    petition_id: int
    slug: str = SLUG
    clock: DrillClock | None = None

    def server(
        self,
        *arguments: str,
        command: str = "serve",
        limits: bool = False,
        cwd: Path | None = None,
        program: str = "",
        **env: str,
    ) -> Server:
        """``advocacy serve`` (or ``worker``) on this stage, its limits off unless they are what is tested."""
        found = {"LOGS__LEVEL": "info" if command == "worker" else "warning"} | ({} if limits else LIMITS_OFF) | env
        if self.clock is not None:
            found["CLOCK__OFFSET_FILE"] = str(self.clock.file)
        return Server(self.url, *arguments, command=command, env=found, cwd=cwd, within_s=START_S, program=program)

    def new_petition(self, slug: str, closes_at: datetime | None = None) -> int:
        """One more open petition; gives its id."""
        crypto.data_keys.clear()  # another stage may have used the same names
        with self.app.app_context():
            found = make_petition(self.coalition_id, slug, closes_at=closes_at).id
            db.session.remove()
            return found

    def rows(self, sql: str, **params: Any) -> list[tuple[Any, ...]]:
        """What a statement reads."""
        with self.app.app_context(), uow.reading():
            return [tuple(row) for row in db.session.execute(text(sql), params)]

    def change(self, sql: str) -> None:
        """Change the rows or the schema from outside."""
        with self.app.app_context(), uow.unit():
            db.session.execute(text(sql))

    def value(self, sql: str, **params: Any) -> Any:
        return self.rows(sql, **params)[0][0]

    def stored(self, emails: Iterable[str]) -> dict[str, Stored]:
        """What the rows hold of these addresses."""
        found = {bytes(row[0]): row for row in self.rows(_ROWS, petition_id=self.petition_id)}
        with self.app.app_context():
            keys = {email: email_key(self.coalition_id, self.petition_id, canonical_address(email)) for email in emails}
        return {email: Stored(found[key][1], found[key][2]) for email, key in keys.items() if key in found}

    def signature_count(self) -> int:
        return int(self.value("SELECT COUNT(*) FROM signature"))

    @property
    def file(self) -> Path:
        """The database file (SQLite)."""
        return Path(make_url(self.url).database or "")

    def is_whole(self) -> bool:
        """SQLite's own opinion of its file; PostgreSQL checks itself when it starts."""
        if not self.url.startswith("sqlite"):
            return True
        connection = sqlite3.connect(self.file)
        try:
            return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        finally:
            connection.close()


@contextmanager
def stage(url: str, moved: DrillClock | None = None, closes_at: datetime | None = None) -> Iterator[Stage]:
    """Set the stage on a fresh database with the schema; its processes go by ``moved`` when it is given."""
    crypto.data_keys.clear()
    app = create_app(databases.make_settings(url))
    with app.app_context():
        petition = make_petition(slug=SLUG, closes_at=closes_at)
        coalition_id, petition_id = petition.coalition_id, petition.id
        db.session.remove()
        db.engine.dispose()
    try:
        yield Stage(app, url, coalition_id, petition_id, clock=moved)
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        crypto.data_keys.clear()
