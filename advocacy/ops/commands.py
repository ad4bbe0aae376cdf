"""``advocacy doctor`` and ``advocacy ops …``."""

from __future__ import annotations

import json

import click
from sqlalchemy import exc

from advocacy.core import commands, uow
from advocacy.core.errors import SettingsError
from advocacy.ops.services import purging
from advocacy.ops.services.doctor import diagnose


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Every check as JSON, healthy or not.")
@click.option("--online", "is_online", is_flag=True, help="Also ask the site under its public address.")
@click.pass_context
def doctor(context: click.Context, as_json: bool, is_online: bool) -> None:
    """Say what is wrong with this installation, one line each; exit status 1 if anything is."""
    keys_problem = None
    try:
        app = commands.app_of()
    except SettingsError as error:
        if not error.message.startswith("keys:"):
            raise
        keys_problem = error
        app = commands.app_of(with_keys=False)
    with app.app_context(), uow.reading():
        lines = diagnose(keys_problem=keys_problem, is_online=is_online)
    wrong = [line for line in lines if not line.is_fine]
    if as_json:
        checks = [{"name": line.name, "ok": line.is_fine, "detail": line.detail} for line in lines]
        click.echo(json.dumps({"ok": not wrong, "checks": checks}, indent=1))
    for line in [] if as_json else wrong:
        click.echo(line.detail if line.detail.startswith(f"{line.name}:") else f"{line.name}: {line.detail}")
    if not as_json and not wrong:
        click.echo(f"Nothing is wrong ({len(lines)} checks).")
    context.exit(1 if wrong else 0)


@click.group()
def ops() -> None:
    """Care for the installation."""


@ops.command()
@click.option("--dry-run", "is_dry", is_flag=True, help="Count what would go, and keep it.")
def purge(is_dry: bool) -> None:
    """Delete what was kept long enough, now rather than at night."""
    try:
        with commands.app_of().app_context():
            if is_dry:
                for name, count, has_more in purging.preview():
                    click.echo(f"{name}: {count}{' or more' if has_more else ''} would go")
            else:
                for name, count in purging.purge_all():
                    click.echo(f"{name}: {count} gone")
    except exc.DBAPIError as error:
        commands.refuse(error)
