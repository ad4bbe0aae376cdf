"""What outreach holds of somebody with an account: what they wrote, took part in and hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, update

from advocacy.core.db import db
from advocacy.outreach.contact_models import ContactMember
from advocacy.outreach.lawmaker_models import Relationship
from advocacy.outreach.models import ContactLog, LobbyingEntry
from advocacy.outreach.position_models import Commitment, LawmakerPosition


def export(user_id: int) -> Mapping[str, Any]:
    """What this person noted, oldest first."""
    contacts = select(ContactLog).where(ContactLog.entered_by == user_id).order_by(ContactLog.id)
    took_part = (
        select(ContactLog)
        .join(ContactMember, ContactMember.contact_id == ContactLog.id)
        .where(ContactMember.user_id == user_id, ContactMember.coalition_id == ContactLog.coalition_id)
        .order_by(ContactLog.id)
    )
    held = select(Relationship).where(Relationship.user_id == user_id).order_by(Relationship.id)
    noted = select(LawmakerPosition).where(LawmakerPosition.entered_by == user_id).order_by(LawmakerPosition.id)
    promised = select(Commitment).where(Commitment.entered_by == user_id).order_by(Commitment.id)
    entries = select(LobbyingEntry).where(LobbyingEntry.entered_by == user_id).order_by(LobbyingEntry.id)
    return {
        "contacts": [
            {
                "who": row.office,
                "how": row.kind,
                "day": row.happened_on.isoformat(),
                "took_part": row.participants,
                "their_people": row.staff,
                "outcome": row.outcome,
                "notes": row.notes,
                "noted_at": row.entered_at.isoformat(),
            }
            for row in db.session.execute(contacts).scalars()
        ],
        "took_part_in": [
            {"who": row.office, "how": row.kind, "day": row.happened_on.isoformat()}
            for row in db.session.execute(took_part).scalars()
        ],
        "relationships": [
            {
                "lawmaker": row.legislator_key,
                "strength": row.strength,
                "since": row.since_on.isoformat(),
                "note": row.note,
                "until": row.ended_at.isoformat() if row.ended_at else None,
            }
            for row in db.session.execute(held).scalars()
        ],
        "positions_noted": [
            {"lawmaker": row.legislator_key, "stands": row.stand, "day": row.seen_on.isoformat(), "why": row.quote}
            for row in db.session.execute(noted).scalars()
        ],
        "promises_noted": [
            {"lawmaker": row.legislator_key, "what": row.what, "day": row.promised_on.isoformat()}
            for row in db.session.execute(promised).scalars()
        ],
        "ledger_entries": [
            {"what": row.what, "day": row.happened_on.isoformat(), "minutes": row.minutes, "kind": row.kind}
            for row in db.session.execute(entries).scalars()
        ],
    }


def erase(user_id: int) -> None:
    """Forget who noted a contact, took part in it, holds a relationship; the contact is the coalition's.

    Ledgers and the history of positions keep their authors, because they never change: by then that is an account
    without a name.
    """
    for deed in (
        update(ContactLog).where(ContactLog.entered_by == user_id).values(entered_by=None),
        update(Commitment).where(Commitment.entered_by == user_id).values(entered_by=None),
        delete(ContactMember).where(ContactMember.user_id == user_id),
        update(Relationship).where(Relationship.user_id == user_id).values(user_id=None),
    ):
        db.session.execute(deed.execution_options(synchronize_session=False))
