"""What ladders hold of somebody with an account, found by the address: for export, and its erasure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select

from advocacy.accounts import queries as accounts
from advocacy.accounts.models import User
from advocacy.coalitions.models import Coalition
from advocacy.core.db import db
from advocacy.mailings.ladder_models import Enrollment, Ladder
from advocacy.supporters.models import ContactKind, ContactPoint
from advocacy.supporters.queries import address_key


def export(user_id: int) -> Mapping[str, Any]:
    """The ladders that the account's address is or was on."""
    wanted = (
        select(Ladder.name, Enrollment.state, Enrollment.entered_at, Enrollment.ended_at)
        .join(Ladder, Ladder.id == Enrollment.ladder_id)
        .where(Enrollment.person_id.in_(_people(user_id)))
        .order_by(Enrollment.id)
    )
    return {
        "ladders": [
            {
                "name": row.name,
                "state": row.state,
                "entered_at": row.entered_at.isoformat(),
                "ended_at": row.ended_at.isoformat() if row.ended_at else None,
            }
            for row in db.session.execute(wanted)
        ]
    }


def erase(user_id: int) -> None:
    """Take the address off every ladder, with all that was noted on the way; mail that waits is not sent."""
    gone = delete(Enrollment).where(Enrollment.person_id.in_(_people(user_id)))
    db.session.execute(gone.execution_options(synchronize_session=False))


def _people(user_id: int) -> Sequence[int]:
    user = db.session.get(User, user_id)
    if user is None:
        return []
    email = accounts.open_email(user)
    keys = [address_key(coalition_id, email) for coalition_id in db.session.execute(select(Coalition.id)).scalars()]
    wanted = select(ContactPoint.person_id).where(
        ContactPoint.kind == ContactKind.EMAIL, ContactPoint.value_key.in_(keys), ContactPoint.verified_at.is_not(None)
    )
    return db.session.execute(wanted).scalars().all()
