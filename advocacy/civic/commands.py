"""``advocacy civic``: packs in, look-ups out."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import click

from advocacy.civic.models import Layer, PackKind, PinField
from advocacy.civic.packs import files
from advocacy.civic.services import (
    feeds,
    importing,
    incoming,
    incoming_openstates,
    lookup,
    pinning,
    source_health,
    street,
    updating,
)
from advocacy.civic.services.importing import Report
from advocacy.civic.services.incoming import Incoming
from advocacy.civic.services.results import WARNINGS, LookupResult, Status
from advocacy.civic.source_models import FetchOutcome
from advocacy.core import commands, uow
from advocacy.core.actor import Channel, system_actor

_FILE = click.Path(path_type=Path)
_DAY = click.DateTime(formats=["%Y-%m-%d"])
dry_run_option = click.option("--dry-run", is_flag=True, help="Read, check and compare; change nothing.")
force_option = click.option(
    "--force", is_flag=True, help="Take it in although it lost seats, is in use already or was taken back."
)
_TAKEN_BACK = "This version was taken back and stays out. --force takes it in again."


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


@click.group()
def civic() -> None:
    """Who represents whom: data packs and look-ups."""


@civic.group("import")
def import_group() -> None:
    """Take a data pack in from files."""


@import_group.command("congress")
@click.argument("paths", nargs=-1, required=True, type=_FILE)
@click.option("--as-of", type=_DAY, help="The day of the data; else the file's.")
@click.option("--congress", type=int, help="A Congress that does not sit yet: its members hold from its first day.")
@dry_run_option
@force_option
@commands.writes
def import_congress(
    paths: tuple[Path, ...], as_of: datetime | None, congress: int | None, dry_run: bool, force: bool
) -> None:
    """Members of Congress (legislators-current as JSON, YAML or CSV), with district offices if given."""
    _take_in(incoming.congress_pack([files.read(path) for path in paths], _day(as_of), congress), dry_run, force)


@import_group.command("openstates")
@click.argument("paths", nargs=-1, required=True, type=_FILE)
@click.option("--as-of", type=_DAY, help="The day of the data; else the newest file's.")
@dry_run_option
@force_option
@commands.writes
def import_openstates(paths: tuple[Path, ...], as_of: datetime | None, dry_run: bool, force: bool) -> None:
    """Legislators of the states: people repository (folder, tar.gz), bulk CSV, and a settings file of vacancies."""
    packs = incoming_openstates.openstates_packs(paths, _day(as_of))
    for pack in packs:
        _take_in(pack, dry_run, force)


@import_group.command("boundaries")
@click.argument("paths", nargs=-1, required=True, type=_FILE)
@click.option("--layer", type=click.Choice(["cd", "sldu", "sldl"]), required=True)
@click.option("--congress", type=int, help="Number of the Congress that sits by these districts (layer cd).")
@click.option("--valid-from", type=_DAY, help="First day of these districts.")
@click.option("--valid-to", type=_DAY, help="First day of the districts that follow.")
@dry_run_option
@force_option
@commands.writes
def import_boundaries(
    *,
    paths: tuple[Path, ...],
    layer: str,
    congress: int | None,
    valid_from: datetime | None,
    valid_to: datetime | None,
    dry_run: bool,
    force: bool,
) -> None:
    """District boundaries: Census shapefiles (zip), GeoJSON or TopoJSON; several files at once, one for each state."""
    for path in paths:
        pack = incoming.boundary_pack(
            files.read(path),
            Layer(layer),
            congress_number=congress,
            valid_from=_day(valid_from),
            valid_to=_day(valid_to),
            tell=_tell,
        )
        _take_in(pack, dry_run, force)


@import_group.command("zcta")
@click.argument("path", type=_FILE)
@click.option("--congress", type=int, help="Number of the Congress whose districts the table names.")
@dry_run_option
@force_option
@commands.writes
def import_zcta(path: Path, congress: int | None, dry_run: bool, force: bool) -> None:
    """Which House districts a ZIP code touches (CSV with state_abbr, zcta, cd)."""
    _take_in(incoming.zcta_pack(files.read(path), congress_number=congress), dry_run, force)


@import_group.command("crosswalk")
@click.argument("path", type=_FILE)
@dry_run_option
@force_option
@commands.writes
def import_crosswalk(path: Path, dry_run: bool, force: bool) -> None:
    """Which division a Census code of a state legislative district stands for (CSV)."""
    _take_in(incoming.crosswalk_pack(files.read(path)), dry_run, force)


def _take_in(pack: Incoming, dry_run: bool, force: bool) -> None:
    report = importing.import_pack(system_actor(Channel.COMMAND), pack, dry_run=dry_run, force=force, tell=_tell)
    _print_report(pack, report)


def _print_report(pack: Incoming, report: Report) -> None:
    validity = (
        f", from {pack.valid_from}" + (f" to {pack.valid_to}" if pack.valid_to else "") if pack.valid_from else ""
    )
    click.echo(f"{pack.name} ({pack.area}{validity})")
    for name, count in report.counts.items():
        click.echo(f"  {name.replace('_', ' ')}: {count}")
    for note in report.notes:
        click.echo(f"  {note}")
    click.echo(
        f"  compared with the version in use: {report.added} added, {report.removed} gone, {report.had_before} before"
    )
    click.echo(
        {
            "dry-run": "Dry run: nothing was changed.",
            "unchanged": _TAKEN_BACK if report.was_taken_back else "This file is in use already.",
            "active": "In use now.",
        }[report.outcome]
    )


@civic.command("update")
@click.argument("kinds", nargs=-1, type=click.Choice([str(kind) for kind in PackKind]))
@dry_run_option
@force_option
@click.pass_context
@commands.in_steps
def update(context: click.Context, kinds: tuple[str, ...], dry_run: bool, force: bool) -> None:
    """Fetch packs from the addresses in the settings and take in what changed; without kinds all of them."""
    wanted = feeds.configured([PackKind(kind) for kind in kinds])
    if not wanted:
        raise commands.NotSo("No address is set for that (civic.…_url in the settings).")
    failed = 0
    for feed in wanted:
        result = updating.update(
            system_actor(Channel.COMMAND), feed, dry_run=dry_run, force=force, tell=_tell, taken=_print_report
        )
        failed += result.outcome in {FetchOutcome.REFUSED, FetchOutcome.FAILED}
        click.echo(f"{feed.name}: {_said(result, dry_run=dry_run)}")
    context.exit(1 if failed else 0)


def _said(result: updating.Result, *, dry_run: bool) -> str:
    if result.outcome is FetchOutcome.UNCHANGED:
        return "nothing new"
    if result.outcome is FetchOutcome.UPDATED:
        return "would be taken in" if dry_run else "updated"
    why = result.reason or str(source_health.CODES.get(result.code, result.code))
    return f"{result.outcome}: {why}" + (
        "; the version before stays in use" if result.outcome is not FetchOutcome.ABSENT else ""
    )


@civic.command("pin")
@click.argument("person")
@click.argument("field", type=click.Choice([str(field) for field in PinField]))
@click.argument("value", required=False)
@click.option("--note", default="", help="Why, for whoever looks later.")
@click.option("--source", default="", help="Where that is from.")
@commands.writes
def pin(person: str, field: str, value: str | None, note: str, source: str) -> None:
    """Say what a field of a person in office is, over every pack; without a value the pin is lifted."""
    pinning.pin_field(system_actor(Channel.COMMAND), person, PinField(field), value, note, source=source)
    click.echo("Pinned." if value else "Lifted.")


@civic.command("rollback")
@click.argument("kind", type=click.Choice([str(kind) for kind in PackKind]))
@click.option("--layer", type=click.Choice(["cd", "sldu", "sldl"]), help="For boundaries; cd if not told.")
@click.option("--area", default="us", show_default=True, help="us, or the two letters of a state.")
@click.option("--edition", help="Number of the Congress, where several have an earlier version.")
@commands.writes
def rollback(kind: str, layer: str | None, area: str, edition: str | None) -> None:
    """Go back to the version before the present one."""
    chosen = (layer or "cd") if kind == PackKind.BOUNDARIES else ""
    pack = importing.rollback_pack(
        system_actor(Channel.COMMAND), PackKind(kind), layer=chosen, area=area.lower(), edition=edition
    )
    click.echo(f"In use again: {pack.name}, imported {pack.imported_at:%Y-%m-%d %H:%M} UTC")


@civic.command("lookup")
@click.option("--zip", "postal_code", help="A ZIP code.")
@click.option("--lat", help="Latitude in degrees.")
@click.option("--lng", help="Longitude in degrees.")
@click.option("--address", help="An address with its ZIP code; it is not kept.")
@click.option("--on", help="The day, as year-month-day; else today.")
@click.option("--json", "as_json", is_flag=True, help="The same JSON as POST /representatives.")
@click.pass_context
@commands.in_steps
def lookup_command(
    context: click.Context,
    *,
    postal_code: str | None,
    lat: str | None,
    lng: str | None,
    address: str | None,
    on: str | None,
    as_json: bool,
) -> None:
    """Who represents a place."""
    given = [postal_code is not None, lat is not None or lng is not None, address is not None]
    if sum(given) != 1:
        raise commands.Unusable("Give one of --zip, --lat with --lng, or --address.")
    actor = system_actor(Channel.COMMAND)
    found_street = street.locate(actor, address, on=on) if address else None
    with uow.reading():
        found = lookup.find(
            actor,
            postal_code=postal_code if postal_code is None else postal_code or "?",
            lat=lat,
            lng=lng,
            address=address,
            on=on,
            street=found_street,
        )
        if as_json:
            click.echo(json.dumps(lookup.to_json(found), ensure_ascii=False, indent=1))
        else:
            _print_result(found)
    if found.status is Status.NOT_FOUND:
        context.exit(1)


def _print_result(found: LookupResult) -> None:
    names = lookup.names_of([*found.divisions, *(official.division_id for official in found.officials)])
    click.echo(f"{found.status}: {', '.join(names[ocd_id] for ocd_id in found.divisions) or 'no place'}")
    for official in found.officials:
        click.echo(
            f"  {official.name} ({official.party}), {names[official.division_id]}, {official.phone or 'no phone'}"
        )
    for option in found.options:
        click.echo(f"  or {option.label}")
    for code in found.warnings:
        click.echo(f"  {WARNINGS[code]}")
