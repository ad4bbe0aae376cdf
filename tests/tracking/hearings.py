"""Days ahead as a source writes them, and what stands on the calendar."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.hearings.models import Hearing
from advocacy.tracking.services import settling
from tests.factories.tracking import waiting


def in_days(days: int, at: str = "18:30:00+00:00") -> str:
    """A time of a day ahead."""
    return f"{(clock.now() + timedelta(days=days)).date().isoformat()}T{at}"


def accept_all(coalition_id: int) -> None:
    """Take everything over that waits."""
    for row in waiting(coalition_id):
        with uow.unit():
            settling.accept_change(system_actor(coalition_id=coalition_id), row.public_id, version=row.version)


def calendar() -> list[Hearing]:
    """Every hearing."""
    db.session.rollback()
    with uow.reading():
        rows = list(db.session.execute(select(Hearing).order_by(Hearing.id)).scalars())
        db.session.expunge_all()
    return rows
