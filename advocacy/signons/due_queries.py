"""Letters that wait for somebody at the desk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.signons.models import CorrectionState, LetterState, SignOnCorrection, SignOnLetter


def collecting(actor: Actor, before: datetime) -> list[SignOnLetter]:
    """The coalition's letters that collect and are due before an instant, first due first."""
    wanted = select(SignOnLetter).where(
        SignOnLetter.coalition_id == actor.coalition_id,
        SignOnLetter.state == LetterState.COLLECTING,
        SignOnLetter.final_due < before,
    )
    return list(db.session.execute(wanted.order_by(SignOnLetter.internal_due).limit(10)).scalars())


def waiting_corrections(actor: Actor) -> list[SignOnLetter]:
    """Letters with a typing error that this person, who did not write it, can approve."""
    wanted = (
        select(SignOnLetter)
        .join(SignOnCorrection, SignOnCorrection.letter_id == SignOnLetter.id)
        .where(
            SignOnLetter.coalition_id == actor.coalition_id,
            SignOnCorrection.state == CorrectionState.WAITING,
            SignOnCorrection.written_by != actor.user_id,
        )
    )
    return list(db.session.execute(wanted.order_by(SignOnLetter.id).limit(10)).scalars())


def undelivered(actor: Actor) -> list[SignOnLetter]:
    """Frozen letters that wait to be handed over."""
    wanted = select(SignOnLetter).where(
        SignOnLetter.coalition_id == actor.coalition_id, SignOnLetter.state == LetterState.FROZEN
    )
    return list(db.session.execute(wanted.order_by(SignOnLetter.final_due).limit(10)).scalars())
