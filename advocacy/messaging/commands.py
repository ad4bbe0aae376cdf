"""``advocacy mail …``."""

from __future__ import annotations

import sys

import click

from advocacy.core import commands
from advocacy.messaging.returns import MAX_BYTES
from advocacy.messaging.services import returning


@click.group("mail")
def mail_group() -> None:
    """Mail: take in what came back."""


@mail_group.command("bounce")
@commands.writes
def bounce() -> None:
    """Read one returned mail or complaint from standard input, as a mail server pipes it."""
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    is_ours = returning.take_message(data)
    click.echo("taken" if is_ours else "not a report about a mail of this site")
