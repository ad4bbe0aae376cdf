"""The command ``advocacy``: one group, to which rooms add theirs."""

from __future__ import annotations

from functools import lru_cache
from typing import NoReturn

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
    """Run the command line; wrong usage and wrong settings end with status 2 and one line."""
    try:
        status = cli(prog_name="advocacy", standalone_mode=False)
    except SettingsError as error:
        _end(error.message, 2)
    except click.exceptions.NoArgsIsHelpError as error:
        _end(error.format_message(), error.exit_code)
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "advocacy"
        _end(f"{where}: {' '.join(error.format_message().split())}", error.exit_code)
    except click.ClickException as error:
        _end(error.format_message(), error.exit_code)
    except click.Abort:
        _end("Stopped.", 1)
    raise SystemExit(status if isinstance(status, int) else 0)


def _end(line: str, status: int) -> NoReturn:
    click.echo(line, err=True)
    raise SystemExit(status) from None
