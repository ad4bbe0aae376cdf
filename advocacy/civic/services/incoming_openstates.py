"""Open States people as packs: one for each state, and one for Congress that fills in what the main list lacks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from advocacy.civic import rules
from advocacy.civic.models import PackKind, Vacancy
from advocacy.civic.packs import openstates
from advocacy.civic.packs.openstates import US, Legislature
from advocacy.civic.places import BY_CODE
from advocacy.civic.services.incoming import Incoming, board_rows, member_seats
from advocacy.core import clock

_SHOWN = 10


def openstates_packs(sources: Sequence[Path], data_on: date | None = None) -> list[Incoming]:
    """Every jurisdiction that the sources hold.

    Raises: PackRefused.
    """
    names = ", ".join(source.name for source in sources)[:200]
    day = data_on or clock.now().date()
    return [_pack(legislature, names, data_on) for legislature in openstates.parse(sources, day)]


def _pack(legislature: Legislature, source: str, data_on: date | None) -> Incoming:
    counts = {
        "members": len(legislature.members),
        "committees": len(legislature.boards),
        "vacant_seats": sum(seats.count for seats in legislature.empty),
    }
    notes = [f"{count} {what} dropped" for what, count in sorted(legislature.dropped.items())]
    if legislature.unknown_seats:
        named = "; ".join(legislature.unknown_seats[:_SHOWN])
        notes.append(f"{len(legislature.unknown_seats)} left out, whose district no map knows: {named}")
    return Incoming(
        PackKind.OPENSTATES,
        "Members of Congress (Open States)"
        if legislature.code == US
        else f"State legislators of {BY_CODE[legislature.code.upper()].name} (Open States)",
        source,
        "CC0-1.0",
        legislature.sha256,
        member_seats(legislature.members),
        counts,
        area=legislature.code,
        data_on=data_on or legislature.changed_on,
        members=legislature.members,
        rows=[(Vacancy, _vacancies(legislature)), *board_rows(legislature.boards)],
        divisions=_divisions(legislature),
        notes=notes,
    )


def _vacancies(legislature: Legislature) -> list[dict[str, Any]]:
    return [
        {"ocd_id": seats.ocd_id, "chamber": seats.chamber, "seat_count": seats.count, "until": seats.until}
        for seats in legislature.empty
    ]


def _divisions(legislature: Legislature) -> dict[str, tuple[str, int]]:
    """Divisions with the seats that are held or known to be empty; a crosswalk knows better and goes before."""
    seats: dict[str, int] = {}
    for member in legislature.members:
        seats[member.ocd_id] = seats.get(member.ocd_id, 0) + 1
    for empty in legislature.empty:
        seats[empty.ocd_id] = seats.get(empty.ocd_id, 0) + empty.count
    return {
        ocd_id: (rules.name_of(ocd_id) or ocd_id, count)
        for ocd_id, count in seats.items()
        if rules.layer_of(ocd_id) in {"sldu", "sldl", "ward"}
    }
