"""The day by which an organization closes a quarter of its ledger, of which its own people are reminded."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from advocacy.coalitions import queries as coalition_queries
from advocacy.outreach import rules
from advocacy.outreach.models import LobbyingPeriod
from advocacy.reminders.rules import instant_of
from advocacy.reminders.services import deadlines as reminders

KIND = "lobbying_period"
DEADLINE = "lobbying_close"
MORNING = time(9, 0)


def remind_to_close(period: LobbyingPeriod) -> None:
    """Let the people of the organization be reminded before that day."""
    zone = coalition_queries.coalition(period.coalition_id).tz
    reminders.set_deadline(
        kind=DEADLINE,
        coalition_id=period.coalition_id,
        object_kind=KIND,
        object_id=period.id,
        due_at=instant_of(datetime.combine(rules.close_by(period.year, period.quarter), MORNING), ZoneInfo(zone)),
        tz=zone,
    )


def stop_reminding(period: LobbyingPeriod) -> None:
    """The quarter is closed: nobody is reminded any more."""
    reminders.drop_deadline(DEADLINE, KIND, period.id)
