"""Ask every room whether it is well."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import text

from advocacy.core import clock, logs, paths, uow
from advocacy.core.db import db
from advocacy.core.settings import Settings
from advocacy.web.manifest import HealthCheck, house

log = logs.get("ops")
MIN_FREE_MB = 256
"""Below this a large import or a day of writing may fill the disk."""
MAX_CLOCK_OFFSET_S = 5.0


@dataclass(frozen=True)
class Line:
    """What one check found."""

    name: str
    is_fine: bool
    detail: str


def examine(*, with_doctor: bool = False) -> list[Line]:
    """Run the checks of all rooms; without a database only what needs none is asked.

    ``with_doctor`` adds the checks that are too slow or too frank for a public route.
    """
    lines = [ask("database", _database), ask("disk", _disk)]
    others = [HealthCheck("schema", schema), HealthCheck("clock", _clock), *house().health]
    asked = [check for check in others if with_doctor or not check.doctor_only]
    if not lines[0].is_fine:
        return lines + [Line(check.name, False, _("not asked: the database does not answer")) for check in asked]
    return lines + [ask(check.name, check.check) for check in asked]


def ask(name: str, check: Callable[[], tuple[bool, str]]) -> Line:
    """Ask one check; one that breaks is red."""
    try:
        is_fine, detail = check()
    except Exception as error:
        uow.rollback()
        log.warning("check_failed", check=name, exc_info=error)
        return Line(name, False, _("does not answer"))
    return Line(name, is_fine, detail)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["advocacy.settings"]
    return settings


def _database() -> tuple[bool, str]:
    db.session.execute(text("SELECT 1"))
    return True, _("answers")


def disk_folder() -> Path:
    """The folder whose disk fills first: the database's own on SQLite."""
    if _settings().is_sqlite:
        return Path(db.engine.url.database or ".").absolute().parent
    return Path.cwd()


def _disk() -> tuple[bool, str]:
    free_mb = shutil.disk_usage(disk_folder()).free // 2**20
    return free_mb >= MIN_FREE_MB, _("%(count)s MB free", count=free_mb)


def schema() -> tuple[bool, str]:
    """Whether the tables are those that this program expects."""
    wanted = _heads()
    found = set(MigrationContext.configure(db.session.connection()).get_current_heads())
    if found == wanted:
        return True, _("up to date")
    return False, _("older or newer than this program; run: advocacy db upgrade")


@lru_cache(maxsize=1)
def _heads() -> frozenset[str]:
    if not (paths.MIGRATIONS / "env.py").is_file():
        return frozenset()
    return frozenset(ScriptDirectory(str(paths.MIGRATIONS)).get_heads())


def _clock() -> tuple[bool, str]:
    """Compare with the database's clock: sessions, deadlines and leases of several machines must agree."""
    if db.engine.dialect.name == "sqlite":
        seconds = db.session.execute(text("SELECT (julianday('now') - 2440587.5) * 86400.0")).scalar_one()
        there = datetime.fromtimestamp(float(seconds), UTC)
    else:
        there = db.session.execute(text("SELECT clock_timestamp()")).scalar_one()
    offset = abs((clock.machine_now() - there).total_seconds())
    return offset <= MAX_CLOCK_OFFSET_S, _("%(count)s s apart from the database", count=math.floor(offset))
