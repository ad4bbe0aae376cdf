"""The commands ``serve``, ``worker`` and ``db``."""

from __future__ import annotations

import os

import click

from advocacy import worker as background
from advocacy.app import create_app
from advocacy.core.settings import PREFIX, Settings, load
from advocacy.serving import checks, supervisor, web
from advocacy.serving.schema import group as db_group


def checked_settings() -> tuple[Settings, bool]:
    """The settings, when this installation may start, and whether anybody has an account.

    Raises: SettingsError with one line.
    """
    settings = load()
    checks.check_settings(settings)
    app = create_app(settings)
    checks.check_database(app)
    return settings, checks.has_account(app)


def start(host: str | None, port: int | None, workers: int | None, *, with_worker: bool = True) -> None:
    """Look, then serve until SIGTERM.

    Raises: SettingsError with one line.
    """
    for key, value in (("HOST", host), ("PORT", port), ("WORKERS", workers)):
        if value is not None:
            os.environ[f"{PREFIX}SERVER__{key}"] = str(value)  # every child reads the settings again
    settings, has_account = checked_settings()
    server = settings.server
    checks.check_port(server.host, server.port)
    children = [supervisor.Child("web", web.serve, server.host, server.port, server.workers, server.threads)]
    if with_worker:
        children.append(supervisor.Child("worker", background.main))

    def announce() -> bool:
        if not supervisor.is_listening(server.host, server.port):
            return False
        click.echo(f"Advocacy is at {settings.base_url}")
        if not has_account:
            click.echo("Nobody has an account yet. Print a one-time link for the first with: advocacy user setup-link")
        return True

    supervisor.run(children, announce)


@click.command("serve")
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), help="Web processes.")
@click.option("--no-worker", is_flag=True, help="Start no background worker; run `advocacy worker` elsewhere.")
def serve(host: str | None, port: int | None, workers: int | None, no_worker: bool) -> None:
    """Serve the site, with one background worker."""
    start(host, port, workers, with_worker=not no_worker)


@click.command("worker")
def worker() -> None:
    """Work in the background: mail, reminders, counts; any number of workers may run."""
    checked_settings()
    raise SystemExit(background.main())


COMMANDS: tuple[click.Command, ...] = (serve, worker, db_group)
