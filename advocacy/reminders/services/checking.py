"""Ask again when a reminder is about to leave, and keep what became of it."""

from __future__ import annotations

from sqlalchemy import update

from advocacy.core import clock
from advocacy.core.db import db
from advocacy.messaging.models import Mail, MailState
from advocacy.reminders.models import Deadline, DeadlineState, Reminder, ReminderState
from advocacy.reminders.services.deadlines import reminder_kind
from advocacy.web.manifest import MailFacts


def reason_not_to_send(mail: MailFacts) -> str | None:
    """Ask again when a reminder's mail is about to leave."""
    if "deadline_id" not in mail.params:
        return None
    row = db.session.get(Deadline, int(mail.params["deadline_id"]))
    if row is None or row.state == DeadlineState.VOID:
        return "deadline_dropped"
    if row.rev != int(mail.params["deadline_rev"]):
        return "deadline_moved"
    if row.due_at <= clock.now():
        return "deadline_passed"
    kind = reminder_kind(row.kind)
    if not kind.still_matters(row.object_id, row.rev):
        return "no_longer_matters"
    return None if int(mail.params["user_id"]) in kind.recipients(row.object_id) else "no_longer_asked"


def note_mail_ended(mail: Mail) -> None:
    """Keep with the reminder what became of its mail."""
    params = mail.params
    if "deadline_id" not in params:
        return
    is_sent = mail.state == MailState.SENT
    db.session.execute(
        update(Reminder)
        .where(
            Reminder.deadline_id == int(params["deadline_id"]),
            Reminder.deadline_rev == int(params["deadline_rev"]),
            Reminder.recipient_id == int(params["user_id"]),
            Reminder.offset_code == str(params["offset"]),
            Reminder.state == ReminderState.QUEUED,
        )
        .values(
            state=ReminderState.DONE if is_sent else ReminderState.SUPPRESSED,
            reason=None if is_sent else (mail.last_reason or "mail_ended"),
        )
        .execution_options(synchronize_session=False)
    )
