"""The command ``advocacy``: one group, to which rooms add theirs."""

from __future__ import annotations

from functools import lru_cache

import click
from flask import Flask

from advocacy import rooms
from advocacy.app import create_app
from advocacy.core.errors import SettingsError
from advocacy.core.settings import load
from advocacy.serving import commands as serving
from advocacy.serving.demo import demo


@lru_cache(maxsize=2)
def _app(*, with_keys: bool = True) -> Flask:
    return create_app(load(), with_keys=with_keys)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="advocacy")
@click.pass_context
def cli(context: click.Context) -> None:
    """Advocacy: coalitions, campaigns, petitions, and the people who carry them."""
    context.obj = _app


for _command in (*serving.COMMANDS, demo):
    cli.add_command(_command)
for _manifest in rooms.MANIFESTS:
    for _command in _manifest.commands:
        cli.add_command(_command)


def main() -> None:
    """Run the command line; errors of settings end with status 2 and one line."""
    try:
        cli()
    except SettingsError as error:
        click.echo(error.message, err=True)
        raise SystemExit(2) from None
