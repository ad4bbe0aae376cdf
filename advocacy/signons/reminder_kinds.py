"""Who hears of a letter's dates, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from advocacy.coalitions import queries as coalition_queries
from advocacy.core.db import db
from advocacy.reminders.rules import Elapsed, Wall
from advocacy.signons.models import LetterState, SignOnLetter
from advocacy.signons.services import lettering
from advocacy.web.manifest import ReminderKind
from advocacy.web.offers import About

DUE_MAIL = "signons.due"


def _recipients(letter_id: int) -> list[int]:
    letter = db.session.get(SignOnLetter, letter_id)
    return [] if letter is None else coalition_queries.user_ids_with(letter.coalition_id, lettering.VERB)


def _still_matters(letter_id: int, rev: int) -> bool:
    del rev
    letter = db.session.get(SignOnLetter, letter_id)
    return letter is not None and letter.state == LetterState.COLLECTING


def _about(letter_ids: Sequence[int]) -> Mapping[int, About]:
    rows = db.session.scalars(select(SignOnLetter).where(SignOnLetter.id.in_(letter_ids)))
    return {
        row.id: About(
            row.public_id,
            row.title,
            f"/desk/sign-on-letters/{row.public_id}",
            is_public=row.state == LetterState.COLLECTING,
        )
        for row in rows
    }


INTERNAL = ReminderKind(
    name=lettering.INTERNAL,
    offsets={"3d": Wall(3), "1d": Wall(1)},
    recipients=_recipients,
    still_matters=_still_matters,
    mail=DUE_MAIL,
    label=_l("Our own last day to collect sign-ons"),
    about=_about,
    view="signons.view",
)
FINAL = ReminderKind(
    name=lettering.FINAL,
    offsets={"1d": Wall(1), "2h": Elapsed(2)},
    recipients=_recipients,
    still_matters=_still_matters,
    mail=DUE_MAIL,
    label=_l("A sign-on letter is due"),
    about=_about,
    view="signons.view",
)
