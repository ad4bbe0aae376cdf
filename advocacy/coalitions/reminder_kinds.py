"""Who is reminded of a vote, and when; at the deadline itself the votes are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from advocacy.coalitions import decision_queries as decisions
from advocacy.coalitions.decision_models import Decision, DecisionState
from advocacy.coalitions.services import deciding
from advocacy.core.db import db
from advocacy.reminders.rules import Elapsed, Wall
from advocacy.web.manifest import ReminderKind
from advocacy.web.offers import About

MAIL = "coalitions.vote_reminder"


def _recipients(decision_id: int) -> list[int]:
    found = db.session.get(Decision, decision_id)
    return [] if found is None else decisions.people_of(found, only_silent=True)


def _still_matters(decision_id: int, rev: int) -> bool:
    del rev
    found = db.session.get(Decision, decision_id)
    return found is not None and found.state == DecisionState.OPEN


def _about(decision_ids: Sequence[int]) -> Mapping[int, About]:
    rows = db.session.scalars(select(Decision).where(Decision.id.in_(decision_ids)))
    return {row.id: About(row.public_id, row.title, f"/desk/decisions/{row.public_id}") for row in rows}


DECISION_CLOSE = ReminderKind(
    name=deciding.DEADLINE,
    offsets={"3d": Wall(3), "1d": Wall(1), "3h": Elapsed(3)},
    recipients=_recipients,
    still_matters=_still_matters,
    mail=MAIL,
    when_due=deciding.close_when_due,
    when_moved=deciding.follow_clocks,
    label=_l("A vote ends"),
    about=_about,
    view="organizations.view",
)
