"""``advocacy petition …``."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from advocacy.coalitions import queries as coalition_queries
from advocacy.core import commands
from advocacy.core.actor import Channel, system_actor
from advocacy.core.text import clean_block, clean_line
from advocacy.petitions import queries
from advocacy.petitions.services import drafting, tallying


@click.group("petition")
def petition_group() -> None:
    """Petitions: make one, count it, repair its count, export it."""


@petition_group.command("create")
@click.option("--coalition", "coalition_slug", required=True, help="The coalition's slug.")
@click.option("--slug", required=True, help="The petition's name in its address.")
@click.option("--title", required=True)
@click.option("--text-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--closes-at", help="When it closes, ISO 8601; without a zone it is the coalition's local time.")
@click.option("--goal", type=click.IntRange(1))
@click.option("--open", "is_open", is_flag=True, help="Take signatures at once.")
@commands.writes
def create(  # noqa: PLR0917 - the options of the command
    coalition_slug: str,
    slug: str,
    title: str,
    text_file: Path,
    closes_at: str | None,
    goal: int | None,
    is_open: bool,
) -> None:
    """Make a petition; its text is Markdown."""
    coalition = coalition_queries.coalition_by_slug(coalition_slug)
    actor = system_actor(Channel.COMMAND, coalition.id)
    try:
        text = text_file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        message = f"petition: {text_file} cannot be read as UTF-8 text"
        raise commands.Unusable(message) from None
    petition = drafting.create_petition(
        actor,
        coalition_id=coalition.id,
        slug=slug,
        title=clean_line(title),
        text=clean_block(text),
        closes_at=_instant(closes_at, coalition.tz) if closes_at else None,
        goal=goal,
    )
    if is_open:
        drafting.open_petition(actor, petition.id)
    click.echo(f"petition {slug} is {petition.state}: /petitions/{slug}")


@petition_group.command("count")
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True)
@commands.reads
def count(slug: str, as_json: bool) -> None:
    """Count the rows, and say what the page shows."""
    petition = queries.petition_by_slug(slug)
    shown = queries.shown_count(petition.id)
    verified, pending = queries.counted_rows(petition.id)
    found = {
        "slug": slug,
        "verified": verified,
        "pending": pending,
        "displayed": shown.count,
        "as_of": shown.as_of.isoformat(),
    }
    if as_json:
        click.echo(json.dumps(found))
    else:
        click.echo(f"{slug}: {verified} verified, {pending} pending; the page shows {shown.count}")


@petition_group.command("recount")
@click.argument("slug")
@click.pass_context
def recount(context: click.Context, slug: str) -> None:
    """Repair the shown number from the rows; exit status 1 if it differed."""
    if _recount(slug):
        context.exit(1)


@commands.writes
def _recount(slug: str) -> bool:
    petition = queries.petition_by_slug(slug)
    while tallying.take_in_deltas():
        pass  # what waits for the worker is no drift
    drift = tallying.recount(petition.id)
    if drift.is_any:
        click.echo(f"{slug}: repaired; the count differed by {drift.total}, days {drift.days}, places {drift.places}")
    else:
        click.echo(f"{slug}: the count agrees with the rows")
    return drift.is_any


def _instant(text: str, tz: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(tz))).astimezone(UTC)
    except (ValueError, OverflowError):
        message = f"--closes-at: {text!r} is not a date and time like 2027-03-15T10:00"
        raise commands.Unusable(message) from None
