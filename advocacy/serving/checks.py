"""What must be right before anything starts; each refusal is one line and exit status 2."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import Flask
from sqlalchemy import exc

from advocacy.accounts.queries import any_user
from advocacy.core import clock, paths, uow
from advocacy.core.db import db
from advocacy.core.errors import SettingsError
from advocacy.core.settings import Settings

PORT_WAIT_S = 2.0
"""Processes that lost their parent to ``kill -9`` need a moment to notice and free the port."""


def check_settings(settings: Settings) -> None:
    """Refuse combinations that are only fit for one's own machine.

    Raises: SettingsError.
    """
    if settings.server.debug:
        names = (settings.server.host, urlsplit(settings.base_url).hostname or "")
        if not all(_is_loopback(name) for name in names):
            msg = "settings: server.debug: debug mode is for this machine only; host and base_url must be local"
            raise SettingsError(msg)


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def explain(error: exc.DBAPIError) -> str:
    """What the driver said, in one line."""
    lines = [line.strip() for line in str(error.orig or "").splitlines() if line.strip()]
    return f"database: {lines[0] if lines else 'no answer'}"


def database_file(app: Flask) -> Path | None:
    """The file of the embedded database."""
    with app.app_context():
        url = db.engine.url
        return Path(str(url.database)) if url.get_backend_name() == "sqlite" and url.database else None


def check_database(app: Flask) -> None:
    """Refuse a database that is missing, broken, read-only, or of another version.

    Raises: SettingsError.
    """
    file = database_file(app)
    if file is not None:
        if not file.is_file():
            msg = f"database: {file} does not exist; run: advocacy db upgrade"
            raise SettingsError(msg)
        check_folder(file)
    with app.app_context():
        try:
            with uow.reading():
                found = set(MigrationContext.configure(db.session.connection()).get_current_heads())
            with uow.unit():
                db.session.connection()  # SQLite: takes and leaves the write lock
        except exc.DBAPIError as error:
            raise SettingsError(explain(error)) from None
        finally:
            db.session.remove()
            db.engine.dispose()
    _check_version(found)


def has_account(app: Flask) -> bool:
    """Whether anybody can sign in to this installation."""
    with app.app_context():
        try:
            with uow.reading():
                return any_user()
        finally:
            db.session.remove()
            db.engine.dispose()


def check_folder(file: Path) -> None:
    """Refuse a database file or folder that cannot be written; SQLite keeps its journal beside the file.

    Raises: SettingsError.
    """
    for path in (file.parent, file):
        if path.exists() and not os.access(path, os.W_OK):
            msg = f"database: {path} cannot be written"
            raise SettingsError(msg)


def _check_version(found: set[str]) -> None:
    scripts = ScriptDirectory(str(paths.MIGRATIONS))
    if found == set(scripts.get_heads()):
        return
    for revision in found:
        try:
            scripts.get_revision(revision)
        except CommandError:
            msg = f"database: its schema ({revision}) is newer than this program; install the newer version"
            raise SettingsError(msg) from None
    msg = "database: its schema is older than this program; run: advocacy db upgrade"
    raise SettingsError(msg)


def check_port(host: str, port: int) -> None:
    """Refuse a port that somebody listens on.

    Raises: SettingsError.
    """
    until = clock.monotonic() + PORT_WAIT_S
    while True:
        try:
            _try_port(host, port)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and clock.monotonic() < until:
                time.sleep(0.1)
                continue
            reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror or error}"
            msg = f"server: port {port} on {host} {reason}"
            raise SettingsError(msg) from None
        return


def _try_port(host: str, port: int) -> None:
    family, kind, number, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, number) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
