"""What petitions offer to campaigns: sign, in about two minutes, without being shown unless one chooses to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from advocacy.core import clock
from advocacy.core.db import db
from advocacy.petitions.models import Petition, PetitionState
from advocacy.web.offers import ActionRow

MINUTES = 2
KIND = "petition"
UNSEEN = "none"
"""A signer is hidden unless they choose otherwise."""


def open_actions(campaign_ids: Sequence[int]) -> Mapping[int, Sequence[ActionRow]]:
    """Petitions that can be signed now, by campaign."""
    wanted = (
        select(Petition)
        .where(
            Petition.campaign_id.in_(campaign_ids),
            Petition.state == PetitionState.OPEN,
            Petition.closes_at.is_(None) | (Petition.closes_at > clock.now()),
        )
        .order_by(Petition.id)
    )
    found: dict[int, list[ActionRow]] = {}
    for petition in db.session.execute(wanted).scalars():
        if petition.campaign_id is not None:
            found.setdefault(petition.campaign_id, []).append(_row(petition))
    return found


def _row(petition: Petition) -> ActionRow:
    url = f"/petitions/{petition.slug}"
    return ActionRow(petition.title, url, KIND, MINUTES, UNSEEN, petition.closes_at, petition.tz)
