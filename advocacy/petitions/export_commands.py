"""``advocacy petition export``."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click

from advocacy.core import commands, uow
from advocacy.core.actor import Channel, system_actor
from advocacy.petitions import queries
from advocacy.petitions.services import exporting


@click.command("export")
@click.argument("slug")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where the CSV goes.")
@click.option("--with-email", is_flag=True, help="Add the signers' e-mail addresses.")
def export(slug: str, out: Path, with_email: bool) -> None:
    """Write the verified signatures as CSV; the file is readable by its owner only."""
    try:
        with commands.app_of().app_context():
            with uow.unit():
                petition = queries.petition_by_slug(slug)
                actor = system_actor(Channel.COMMAND, petition.coalition_id)
                blocks = exporting.export_signatures(actor, petition, with_email=with_email)
            _write(out, blocks)
    except commands.EXPECTED as error:
        commands.refuse(error)


def add_to(group: click.Group) -> click.Group:
    """Put the command into the group ``advocacy petition``."""
    group.add_command(export)
    return group


def _write(out: Path, blocks: Iterable[bytes]) -> None:
    """Write beside the target and put it in place when it is whole: nobody meets half a file."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)  # mode 0600
    except OSError as error:
        raise _cannot(out, error) from None
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            for block in blocks:
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        made.replace(out)
    except OSError as error:
        raise _cannot(out, error) from None
    finally:
        made.unlink(missing_ok=True)


def _cannot(out: Path, error: OSError) -> commands.Unusable:
    return commands.Unusable(f"export: cannot write {out}: {error.strerror}")
