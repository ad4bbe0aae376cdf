"""Where a source and a pack name different districts for the sitting map: counted, for people who look after packs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from advocacy.civic.source_models import DivisionConflict
from advocacy.core import clock
from advocacy.core.db import Statement, db, run_together

_NOTE = Statement("""
    INSERT INTO division_conflict (source, ours, theirs, seen_count, last_at) VALUES (:source, :ours, :theirs, 1, :now)
    ON CONFLICT (source, ours, theirs) DO UPDATE
    SET seen_count = division_conflict.seen_count + 1, last_at = excluded.last_at""")
_SHOWN = 10


def note(source: str, ours: str, theirs: str) -> None:
    """Count one.

    Needs: a writing unit.
    """
    run_together(db.session(), [(_NOTE, {"source": source, "ours": ours, "theirs": theirs, "now": clock.now()})])


def latest() -> Sequence[DivisionConflict]:
    """The newest few that nobody decided about."""
    wanted = (
        select(DivisionConflict)
        .where(DivisionConflict.verdict.is_(None))
        .order_by(DivisionConflict.last_at.desc())
        .limit(_SHOWN)
    )
    return db.session.execute(wanted).scalars().all()
