"""Give an organizer the verified signatures as CSV, however many they are.

Rows are read some at a time, each time in a short reading unit of its own: memory stays the same, and a slow reader
holds no transaction open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Row, Select, select

from advocacy.audit import services as audit
from advocacy.civic import rules as civic_rules
from advocacy.coalitions import rules as coalition_rules
from advocacy.core import clock, crypto, safe_csv, uow
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.petitions import seats
from advocacy.petitions.models import Petition, Signature, SignatureState
from advocacy.petitions.queries import place_tallies

BATCH = 1000
COLUMNS = (
    "name",
    "postal_code",
    "town",
    "state",
    "district",
    "representative",
    "comment",
    "signed_on",
    "display",
)


def export_signatures(actor: Actor, petition: Petition, *, with_email: bool = False) -> Iterator[bytes]:
    """The verified signatures, oldest first, as blocks of CSV; e-mail addresses only where both ask and role agree.

    Raises: NotAllowed.
    """
    coalition_rules.require(actor, "petitions.export", petition.coalition_id)
    if with_email:
        coalition_rules.require(actor, "petitions.manage", petition.coalition_id)
    audit.record(
        actor,
        "petition.exported",
        "petition",
        petition.id,
        coalition_id=petition.coalition_id,
        facts={"with_email": with_email},
    )
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - it outlives the request
    return safe_csv.lines(_table(app, petition.id, clock.now(), with_email=with_email))


def _table(
    app: Flask, petition_id: int, until: datetime, *, with_email: bool
) -> Iterator[Sequence[safe_csv.type_cell]]:
    yield (*COLUMNS, "email") if with_email else COLUMNS
    with app.app_context(), uow.reading():
        divisions = {tally.division_id for tally in place_tallies(petition_id) if tally.division_id}
        names = {division: seat.representatives for division, seat in seats.seats_of(divisions).items()}
    after = 0
    while True:
        with app.app_context(), uow.reading():
            rows = db.session.execute(_batch(petition_id, until, after)).all()
            cells = [_cells(row, names, with_email=with_email) for row in rows]
        if not rows:
            return
        yield from cells
        after = rows[-1].id


def _batch(petition_id: int, until: datetime, after: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Signature.id,
            Signature.public_id,
            Signature.name,
            Signature.email,
            Signature.comment,
            Signature.postal_code,
            Signature.town,
            Signature.state_code,
            Signature.division_id,
            Signature.verified_on,
            Signature.display,
        )
        .where(
            Signature.petition_id == petition_id,
            Signature.state == SignatureState.VERIFIED,
            Signature.verified_at <= until,
            Signature.id > after,
        )
        .order_by(Signature.id)
        .limit(BATCH)
    )


def _cells(row: Row[Any], names: dict[str, str], *, with_email: bool) -> Sequence[safe_csv.type_cell]:
    division = row.division_id or ""
    cells = (
        _opened(row, "name"),
        row.postal_code,
        row.town,
        row.state_code,
        (civic_rules.name_of(division) or division) if division else "",
        names.get(division, ""),
        _opened(row, "comment"),
        row.verified_on.isoformat(),
        row.display,
    )
    return (*cells, _opened(row, "email")) if with_email else cells


def _opened(row: Row[Any], column: str) -> str:
    value: bytes | None = getattr(row, column)
    return crypto.open_sealed(value, table="signature", column=column, row=row.public_id) if value else ""
