"""The commands ``advocacy queue``: look at what gave up, and try it again."""

from __future__ import annotations

import click

from advocacy.core import commands
from advocacy.queue import queries, services


@click.group("queue")
def group() -> None:
    """Look after background work."""


@group.command("dead")
@commands.reads
def dead() -> None:
    """List the newest jobs that gave up: id, name, attempts, reason."""
    for job in queries.dead_jobs():
        click.echo(f"{job.id}\t{job.name}\t{job.attempts}\t{job.last_error or ''}")


@group.command("retry")
@click.argument("job_id", type=int)
@commands.writes
def retry(job_id: int) -> None:
    """Put the dead job JOB_ID back into the queue."""
    click.echo(f"{services.retry_dead(job_id)} will run again.")
