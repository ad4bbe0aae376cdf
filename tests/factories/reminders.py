"""A reminder that was said."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.messaging.models import Mail
from advocacy.messaging.services import sending
from advocacy.petitions.models import Petition
from advocacy.petitions.services import drafting
from advocacy.reminders import linking
from advocacy.reminders.models import Deadline, Reminder, ReminderState
from advocacy.reminders.services import deadlines


def make_reminder(petition: Petition, user_id: int, *, state: ReminderState = ReminderState.DONE) -> int:
    """One of a petition's end in two days, to one person; gives its id."""
    now = clock.now()
    with uow.unit():
        deadline_id = deadlines.set_deadline(
            kind=drafting.DEADLINE,
            coalition_id=petition.coalition_id,
            object_kind="petition",
            object_id=petition.id,
            due_at=now + timedelta(days=2),
            tz="America/Chicago",
        )
        row = Reminder(
            deadline_id=deadline_id,
            deadline_rev=db.session.get_one(Deadline, deadline_id).rev,
            recipient_id=user_id,
            offset_code="2d",
            fire_at=now if state == ReminderState.DONE else now + timedelta(hours=1),
            due_at=now + timedelta(days=2),
            state=state,
            made_at=now,
        )
        db.session.add(row)
        db.session.flush()
        return row.id


def make_link(petition: Petition, user_id: int) -> str:
    """The token of the link in the mail of such a reminder."""
    reminder_id = make_reminder(petition, user_id)
    with uow.unit():
        mail_id = sending.queue_mail(
            kind="petitions.closing_soon",
            to="organizer@example.org",
            coalition_id=petition.coalition_id,
            object_kind="petition",
            object_id=petition.id,
            params={"reminder_id": reminder_id, "user_id": user_id},
        )
        mail = db.session.scalars(select(Mail).where(Mail.id == mail_id)).one()
        return linking.again_url(mail).rpartition("/")[2]
