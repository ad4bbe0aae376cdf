"""The words for states of hearings, each with the kind of badge that shows it; days and times for people."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from advocacy.hearings.models import HearingState
from advocacy.web.templating import day

STATES: dict[str, Any] = {
    HearingState.TENTATIVE: (_l("Not certain yet"), "info"),
    HearingState.CONFIRMED: (_l("Confirmed"), "good"),
    HearingState.IN_PROGRESS: (_l("Going on now"), "today"),
    HearingState.RECESSED: (_l("In recess"), "info"),
    HearingState.CONCLUDED: (_l("Over"), "plain"),
    HearingState.POSTPONED: (_l("Postponed, no new day yet"), "warn"),
    HearingState.CANCELLED: (_l("Cancelled"), "danger"),
}


def moment(on: date, at: time | None, tz: str) -> str:
    """A day, with the time and its zone where that is known."""
    if at is None:
        return str(_("%(day)s, time not known", day=day(on)))
    place = tz.rpartition("/")[2].replace("_", " ")
    return str(_("%(day)s, %(time)s (%(place)s time)", day=day(on), time=at.strftime("%H:%M"), place=place))
