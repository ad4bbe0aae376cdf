"""Where organizations' logos stand under letters."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from advocacy.coalitions import logo_queries as logos
from advocacy.coalitions.logo_queries import Logo
from advocacy.core.db import db
from advocacy.signons import rules
from advocacy.signons.models import Shown, SignOn, SignOnLetter, SignOnState


def shows_logo(coalition_id: int, membership_id: int) -> bool:
    """Whether an organization's logo stands under a letter that everybody may read."""
    rows = db.session.execute(
        select(SignOn)
        .join(SignOnLetter, SignOnLetter.id == SignOn.letter_id)
        .where(
            SignOn.coalition_id == coalition_id,
            SignOn.membership_id == membership_id,
            SignOn.state == SignOnState.SIGNED,
            SignOnLetter.state.in_(rules.PUBLIC_STATES),
        )
    )
    return bool(beside(coalition_id, rows.scalars().all()))


def beside(coalition_id: int, rows: Sequence[SignOn]) -> dict[int, Logo]:
    """The logos beside signatures: of organizations that stand there in full and have not withdrawn."""
    full = [row for row in rows if row.shown == Shown.FULL and row.withdrew_at is None]
    agreed = [row.membership_id for row in full if row.with_logo]
    return logos.where_agreed(coalition_id, [row.membership_id for row in full], agreed)
