"""The command ``advocacy demo``: everything from nothing, for somebody who wants to look around."""

from __future__ import annotations

import os
from pathlib import Path

import click
from sqlalchemy import exc

from advocacy.app import create_app
from advocacy.core.db import db
from advocacy.core.errors import SettingsError
from advocacy.core.settings import PREFIX, Settings, load
from advocacy.demo.services import seeding
from advocacy.serving import checks, schema
from advocacy.serving.commands import start

SIGN_IN_FILE = "demo-sign-in.txt"


def sign_in_file(settings: Settings) -> Path:
    """Where the demo's passwords lie: beside the keys."""
    return settings.security.key_file.parent / SIGN_IN_FILE


def prepare() -> Path:
    """Bring the schema up to date and fill an empty database; gives where the sign-ins lie.

    Raises: SettingsError with one line.
    """
    os.environ.setdefault(f"{PREFIX}DEMO__ENABLED", "true")  # read again by every child
    os.environ.setdefault(f"{PREFIX}MAIL__TRANSPORT", "mailbox")
    os.environ.setdefault(f"{PREFIX}SECURITY__SECOND_FACTOR", "off")  # said on the pages; docs/decisions tells why
    settings = load()
    checks.check_settings(settings)
    schema.upgrade(create_app(settings, with_keys=False))
    app = create_app(settings)
    with app.app_context():
        try:
            if seeding.is_empty():
                seeding.seed(sign_in_file(settings))
        except exc.DBAPIError as error:
            raise SettingsError(checks.explain(error)) from None
        finally:
            db.session.remove()
            db.engine.dispose()
    return sign_in_file(settings)


@click.command("demo")
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")
def demo(host: str | None, port: int | None) -> None:
    """Serve a made-up coalition: upgrade, fill an empty database, serve."""
    file = prepare()
    if file.is_file():
        click.echo(f"Demo sign-ins are in {file}")
    start(host, port, None)
