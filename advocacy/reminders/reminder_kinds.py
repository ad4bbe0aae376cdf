"""Who is reminded of a coalition's own deadlines, and when."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from advocacy.core.db import db
from advocacy.reminders import desk_queries as queries
from advocacy.reminders.own_models import OwnDeadline, OwnDeadlinePerson, OwnState
from advocacy.reminders.rules import Elapsed, Wall
from advocacy.web.manifest import ReminderKind, house

MAIL = "reminders.own_due"
MORNING = "09:00"


def _recipients(own_deadline_id: int) -> list[int]:
    """Whoever was chosen, as long as they belong and may see it."""
    row = db.session.get(OwnDeadline, own_deadline_id)
    if row is None:
        return []
    members = house().members(row.coalition_id, queries.VIEW)
    return [user_id for user_id in queries.people(row.id) if user_id in members]


def _still_matters(own_deadline_id: int, rev: int) -> bool:
    del rev
    row = db.session.get(OwnDeadline, own_deadline_id)
    return row is not None and row.state == OwnState.OPEN


def _mine(user_id: int) -> Select[int]:
    return select(OwnDeadlinePerson.own_deadline_id).where(OwnDeadlinePerson.user_id == user_id)


OWN_DEADLINE = ReminderKind(
    name=queries.OWN,
    offsets={"7d": Wall(7, MORNING), "1d": Wall(1, MORNING), "2h": Elapsed(2)},
    recipients=_recipients,
    still_matters=_still_matters,
    mail=MAIL,
    label=_l("Our own deadline"),
    about=queries.about_own,
    view=queries.VIEW,
    mine=_mine,
)
