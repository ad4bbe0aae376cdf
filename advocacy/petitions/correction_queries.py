"""Reads about typing errors in words that people signed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.petitions.correction_models import CorrectionState, PetitionCorrection
from advocacy.petitions.models import Petition

MOST = 30


def waiting_correction(petition_id: int) -> PetitionCorrection | None:
    """The one that waits for its second person."""
    wanted = select(PetitionCorrection).where(
        PetitionCorrection.petition_id == petition_id, PetitionCorrection.state == CorrectionState.WAITING
    )
    return db.session.execute(wanted).scalar_one_or_none()


def corrections(petition_id: int) -> Sequence[PetitionCorrection]:
    """Those that were approved, the newest first: what each older version said."""
    wanted = select(PetitionCorrection).where(
        PetitionCorrection.petition_id == petition_id, PetitionCorrection.state == CorrectionState.APPROVED
    )
    return db.session.execute(wanted.order_by(PetitionCorrection.of_version.desc()).limit(MOST)).scalars().all()


def petitions_to_check(actor: Actor) -> Sequence[Petition]:
    """Petitions with a typing error that this actor may approve."""
    wanted = (
        select(Petition)
        .join(PetitionCorrection, PetitionCorrection.petition_id == Petition.id)
        .where(
            Petition.coalition_id == actor.coalition_id,
            PetitionCorrection.state == CorrectionState.WAITING,
            PetitionCorrection.written_by != (actor.user_id or 0),
        )
        .order_by(PetitionCorrection.id)
        .limit(MOST)
    )
    return db.session.execute(wanted).scalars().all()
