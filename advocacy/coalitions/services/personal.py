"""What coalitions hold of somebody with an account, for export, and how it ends when the account is erased."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from advocacy.coalitions.committee_models import Committee, Seat, SeatTerm
from advocacy.coalitions.decision_models import Decision, SeatVoice, Vote
from advocacy.coalitions.models import Coalition, MembershipRole
from advocacy.coalitions.organization_models import Membership, MembershipPerson
from advocacy.core import clock
from advocacy.core.db import db


def export(user_id: int) -> Mapping[str, Any]:
    """Roles, organizations acted for, seats, and what this person said in votes, oldest first."""
    return {
        "roles": [
            {"coalition": name, "role": row.role, "from": _text(row.granted_at), "until": _text(row.ended_at)}
            for row, name in db.session.execute(
                select(MembershipRole, Coalition.name)
                .join(Coalition, Coalition.id == MembershipRole.coalition_id)
                .where(MembershipRole.user_id == user_id)
                .order_by(MembershipRole.id)
            )
        ],
        "acts_for": [
            {"organization": name, "from": _text(row.started_at), "until": _text(row.ended_at)}
            for row, name in db.session.execute(
                select(MembershipPerson, Membership.name)
                .join(Membership, Membership.id == MembershipPerson.membership_id)
                .where(MembershipPerson.user_id == user_id)
                .order_by(MembershipPerson.id)
            )
        ],
        "seats": _seats(user_id),
        "votes": _votes(user_id),
        "voices": _voices(user_id),
    }


def erase(user_id: int) -> None:
    """End what the person holds; what was decided keeps its votes, which name no more than an account without a name.

    The database refuses to end the last administrator of a coalition.
    """
    now = clock.now()
    for table in (SeatTerm, MembershipPerson, MembershipRole):
        live = update(table).where(table.user_id == user_id, table.ended_at.is_(None))
        db.session.execute(live.values(ended_at=now).execution_options(synchronize_session=False))


def _seats(user_id: int) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(SeatTerm, Seat, Committee.name)
        .join(Seat, Seat.id == SeatTerm.seat_id)
        .join(Committee, Committee.id == SeatTerm.committee_id)
        .where(SeatTerm.user_id == user_id)
        .order_by(SeatTerm.id)
    )
    return [
        {
            "committee": name,
            "seat": seat.number,
            "lived_experience": seat.lived_experience,
            "from": term.from_on.isoformat(),
            "until": term.until_on.isoformat() if term.until_on else None,
            "ended": _text(term.ended_at),
        }
        for term, seat, name in rows
    ]


def _votes(user_id: int) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(Vote, Decision.title, Membership.name)
        .join(Decision, Decision.id == Vote.decision_id)
        .join(Membership, Membership.id == Vote.membership_id)
        .where(Vote.cast_by == user_id)
        .order_by(Vote.id)
    )
    return [
        {
            "decision": title,
            "for": name,
            "choice": vote.choice,
            "reason": vote.reason,
            "cast_at": _text(vote.cast_at),
            "replaced_at": _text(vote.superseded_at),
        }
        for vote, title, name in rows
    ]


def _voices(user_id: int) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(SeatVoice, Decision.title)
        .join(Decision, Decision.id == SeatVoice.decision_id)
        .where(SeatVoice.cast_by == user_id)
        .order_by(SeatVoice.id)
    )
    return [
        {
            "decision": title,
            "choice": voice.choice,
            "cast_at": _text(voice.cast_at),
            "replaced_at": _text(voice.superseded_at),
        }
        for voice, title in rows
    ]


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
