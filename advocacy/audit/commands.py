"""``advocacy audit …``."""

from __future__ import annotations

import click

from advocacy.audit.queries import verify_chain
from advocacy.core import commands


@click.group()
def audit() -> None:
    """The record of who did what."""


def _noted_end(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[int, str] | None:
    del context
    if value is None:
        return None
    seq, _, link = value.partition(":")
    if not seq.isdecimal() or not link or set(link.lower()) - set("0123456789abcdef"):
        raise click.BadParameter("give the end as an earlier run printed it: NUMBER:HEX", param=parameter)
    return int(seq), link.lower()


@audit.command()
@click.option("--noted", "noted_end", callback=_noted_end, help="An end that an earlier run printed (NUMBER:HEX).")
@commands.reads
def verify(noted_end: tuple[int, str] | None) -> None:
    """Compute the chain again and name the first bad row; exit status 1 if there is one."""
    proof = verify_chain(noted_end)
    if proof.fault is not None:
        message = f"audit: {proof.fault}; the chain is whole up to {proof.end}"
        raise commands.NotSo(message)
    click.echo(f"{proof.sealed_count} events sealed, {proof.waiting_count} wait; end of the chain {proof.end}")
