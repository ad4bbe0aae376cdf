"""A petition, a task and a deadline of a coalition's own that are each moved twice, and what must come of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from advocacy.campaigns.models import Task
from advocacy.campaigns.services import working
from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.petitions.models import Petition
from advocacy.petitions.services import drafting
from advocacy.reminders import rules
from advocacy.reminders.models import Deadline, Reminder
from advocacy.reminders.services import keeping
from tests.factories import campaigns, deadlines
from tests.factories.coalitions import make_member
from tests.factories.petitions import make_petition

DAY_S = 86400.0
MOVES = ((0.0, 8), (0.3, 20), (0.6, 9))
"""When each date is set or moved, and to how many days from the beginning: the first two never come."""
WALK = [(day, hour) for day in range(1, 10) for hour in (8.6, 9.1, 10.1, 12.1, 19.5)]
"""Local times of the days that follow, in hours: each step that a date can have lies just before one of them."""


@dataclass(frozen=True)
class Dates:
    """What is due, and who is told of it."""

    coalition_id: int
    people: tuple[int, int]
    began: datetime
    petition_id: int
    task_id: int
    own_id: str

    def noon(self, days: int) -> datetime:
        """Noon in New York so many days from the beginning."""
        zone = ZoneInfo(deadlines.TZ)
        return rules.instant_of(datetime.combine(self.began.astimezone(zone).date() + timedelta(days), time(12)), zone)

    def offset_s(self, day: int, hour: float) -> float:
        """How far the clock must be moved from the beginning to be there."""
        noon = self.noon(day) + timedelta(hours=hour - 12)
        return (noon - self.began).total_seconds()


def begin(coalition_id: int) -> Dates:
    """Set all three for the first time; two organizers are told."""
    people = tuple(make_member(coalition_id, "organizer", email=f"moved{n}@example.org") for n in (1, 2))
    first, second = people
    campaign_id = campaigns.make_campaign(coalition_id)
    began = clock.now()
    zone = ZoneInfo(deadlines.TZ)
    noon = rules.instant_of(datetime.combine(began.astimezone(zone).date() + timedelta(MOVES[0][1]), time(12)), zone)
    petition = make_petition(coalition_id, closes_at=noon)
    task = campaigns.make_task(campaign_id, due_in=MOVES[0][1], assignee_id=first)
    own_id = deadlines.make_deadline(coalition_id, rule=_fixed(noon), people=people)
    return Dates(coalition_id, (first, second), began, petition.id, task.id, own_id)


def move(dates: Dates, days: int) -> None:
    """Move all three, each as its page does."""
    actor, due_at = system_actor(coalition_id=dates.coalition_id), dates.noon(days)
    with uow.unit():
        row = db.session.get_one(Petition, dates.petition_id)
        drafting.edit_petition(
            actor, row.id, version=row.version, title=row.title, text=row.text, closes_at=due_at, tz=row.tz
        )
        task = db.session.get_one(Task, dates.task_id)
        words = working.TaskWords(task.title, task.effort_minutes, assignee_id=task.assignee_id, due_on=due_at.date())
        working.change_task(actor, task.public_id, words, version=task.version)
        found = keeping.queries.own(actor, dates.own_id)
        kept = keeping.OwnWords(found.title, _fixed(due_at), deadlines.TZ, people=dates.people)
        keeping.change_own(actor, dates.own_id, kept, version=found.version)


def check(dates: Dates) -> int:
    """Each reminder of the newest revision was sent once to each person, none of an older one; gives how many."""
    with uow.reading():
        of_ours = Deadline.coalition_id == dates.coalition_id
        rows = db.session.execute(select(Reminder, Deadline).join(Deadline).where(of_ours)).all()
        sent = [(row, deadline) for row, deadline in rows if row.state == "done"]
        assert {row.deadline_rev == deadline.rev for row, deadline in sent} == {True}
        assert {deadline.kind: deadline.rev for _row, deadline in sent} == {
            "petition_close": 3,
            "task_due": 3,
            "own_deadline": 3,
        }
        told = Counter((deadline.kind, row.offset_code, row.recipient_id) for row, deadline in sent)
    assert set(told.values()) == {1}
    first, second = dates.people
    assert set(told) == {
        *((kind, code, user) for kind in ("petition_close", "own_deadline") for code in ("7d", "1d", "2h") for user in (first, second)),
        *(("task_due", code, first) for code in ("3d", "1d", "0d")),
    }  # fmt: skip
    return len(sent)


def _fixed(at: datetime) -> rules.Fixed:
    return rules.Fixed(at.astimezone(ZoneInfo(deadlines.TZ)).replace(tzinfo=None), deadlines.TZ)


def to_the_end(dates: Dates) -> list[float]:
    """Offsets of the clock from the last move to behind the last date."""
    ahead = [dates.offset_s(day, hour) for day, hour in WALK]
    return [each for each in ahead if each > MOVES[-1][0] * DAY_S]
