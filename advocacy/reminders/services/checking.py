"""Ask again when a reminder is said and when its mail leaves, and keep what became of it."""

from __future__ import annotations

from sqlalchemy import select, update

from advocacy.core.db import db
from advocacy.messaging.models import Mail, MailState
from advocacy.reminders import standing_queries as standing
from advocacy.reminders.models import Reminder, ReminderState
from advocacy.web.manifest import MailFacts


def reason_not_to_send(mail: MailFacts) -> str | None:
    """Ask again when a reminder's mail is about to leave."""
    if "deadline_id" not in mail.params:
        return None
    return standing.why_not(
        int(mail.params["deadline_id"]), int(mail.params["deadline_rev"]), int(mail.params["user_id"])
    )


def note_mail_ended(mail: Mail) -> None:
    """Keep with each reminder of a mail what became of it."""
    params = mail.params
    if "deadline_id" in params:
        _end(
            Reminder.deadline_id == int(params["deadline_id"]),
            Reminder.deadline_rev == int(params["deadline_rev"]),
            Reminder.recipient_id == int(params["user_id"]),
            Reminder.offset_code == str(params["offset"]),
            why=_why(mail),
        )
    for row in db.session.scalars(select(Reminder).where(Reminder.id.in_(params.get("reminders", ())))).all():
        # What lost its point on the way stood in no digest.
        why = _why(mail) or standing.why_not(row.deadline_id, row.deadline_rev, row.recipient_id)
        _end(Reminder.id == row.id, why=why)


def _why(mail: Mail) -> str | None:
    return None if mail.state == MailState.SENT else (mail.last_reason or "mail_ended")


def _end(*which: object, why: str | None) -> None:
    db.session.execute(
        update(Reminder)
        .where(*which, Reminder.state == ReminderState.QUEUED)  # type: ignore[arg-type]
        .values(state=ReminderState.SUPPRESSED if why else ReminderState.DONE, reason=why)
        .execution_options(synchronize_session=False)
    )
