"""Who hears of the end of a petition, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from advocacy.campaigns.models import Campaign
from advocacy.coalitions import queries as coalition_queries
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.petitions.models import Petition, PetitionState
from advocacy.petitions.services import drafting
from advocacy.reminders.rules import Elapsed, Wall
from advocacy.web.manifest import ReminderKind
from advocacy.web.offers import About

CLOSING_MAIL = "petitions.closing_soon"


def _recipients(petition_id: int) -> list[int]:
    petition = db.session.get(Petition, petition_id)
    return [] if petition is None else coalition_queries.user_ids_with(petition.coalition_id, "petitions.manage")


def _still_matters(petition_id: int, rev: int) -> bool:
    del rev
    petition = db.session.get(Petition, petition_id)
    return petition is not None and petition.state in {PetitionState.OPEN, PetitionState.PAUSED}


def _close(petition_id: int) -> None:
    drafting.close_when_due(system_actor(), petition_id)


def _about(petition_ids: Sequence[int]) -> Mapping[int, About]:
    wanted = select(Petition, Campaign.title).outerjoin(Campaign, Campaign.id == Petition.campaign_id)
    return {
        row.id: About(
            row.public_id,
            row.title,
            f"/desk/petitions/{row.public_id}",
            row.campaign_id,
            campaign or "",
            row.state == PetitionState.OPEN,
        )
        for row, campaign in db.session.execute(wanted.where(Petition.id.in_(petition_ids)))
    }


PETITION_CLOSE = ReminderKind(
    name=drafting.DEADLINE,
    offsets={"7d": Wall(7), "1d": Wall(1), "2h": Elapsed(2)},
    recipients=_recipients,
    still_matters=_still_matters,
    mail=CLOSING_MAIL,
    when_due=_close,
    when_moved=drafting.follow_clocks,
    label=_l("A petition closes"),
    about=_about,
    view="petitions.view",
)
