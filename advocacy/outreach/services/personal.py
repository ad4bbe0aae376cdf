"""What outreach holds of somebody with an account: which contacts and ledger entries they wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from advocacy.core.db import db
from advocacy.outreach.models import ContactLog, LobbyingEntry


def export(user_id: int) -> Mapping[str, Any]:
    """What this person noted, oldest first."""
    contacts = select(ContactLog).where(ContactLog.entered_by == user_id).order_by(ContactLog.id)
    entries = select(LobbyingEntry).where(LobbyingEntry.entered_by == user_id).order_by(LobbyingEntry.id)
    return {
        "contacts": [
            {
                "who": row.office,
                "how": row.kind,
                "day": row.happened_on.isoformat(),
                "took_part": row.participants,
                "outcome": row.outcome,
                "noted_at": row.entered_at.isoformat(),
            }
            for row in db.session.execute(contacts).scalars()
        ],
        "ledger_entries": [
            {"what": row.what, "day": row.happened_on.isoformat(), "minutes": row.minutes, "kind": row.kind}
            for row in db.session.execute(entries).scalars()
        ],
    }


def erase(user_id: int) -> None:
    """Forget who noted a contact; the contact is the coalition's.

    Ledgers keep their authors, because a closed one never changes: by then that is an account without a name.
    """
    mine = update(ContactLog).where(ContactLog.entered_by == user_id).values(entered_by=None)
    db.session.execute(mine.execution_options(synchronize_session=False))
