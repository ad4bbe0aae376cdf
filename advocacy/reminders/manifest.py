"""What the room contributes."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import reset_tzpath

from flask import Flask
from flask_babel import lazy_gettext as _l

from advocacy.messaging.signals import mail_ended
from advocacy.reminders import (
    calendar_views,
    desk_queries,
    digest_emails,
    emails,
    hold_queries,
    jobs,
    my_views,
    queries,
    receivers,
    reminder_kinds,
    texts,
    views,
)
from advocacy.reminders.services import checking, deadlines, feeding, keeping, saying
from advocacy.web.manifest import MailKind, Manifest, MenuItem, PersonalData, Place, Retention, SendCheck
from advocacy.web.offers import TextKind, UpcomingSource


def _set_up(app: Flask) -> None:
    """Take wall times from the pinned zone data: machines of one house must not disagree about an instant."""
    del app
    reset_tzpath(to=())


MANIFEST = Manifest(
    name="reminders",
    blueprints=[views.bp, my_views.bp, calendar_views.bp],
    menu=[
        MenuItem(
            Place.DESK,
            _l("Deadlines"),
            "deadlines.index",
            order=22,
            icon="calendar-days",
            verb=desk_queries.VIEW,
        ),
        MenuItem(Place.DESK, _l("My reminders"), "my_reminders.mine", order=97, icon="bell"),
        MenuItem(Place.DESK, _l("Your calendar"), "calendar.page", order=98, icon="calendar-days"),
    ],
    mails=[
        MailKind(reminder_kinds.MAIL, emails.own_due, priority=40, service_basis="reminder of a deadline"),
        MailKind(saying.DIGEST_MAIL, digest_emails.digest, priority=30, service_basis="reminders"),
    ],
    texts=[TextKind(texts.KIND, texts.compose)],
    reminder_kinds=[reminder_kinds.OWN_DEADLINE],
    personal_data=[
        PersonalData("reminders", keeping.export, keeping.erase),
        PersonalData("calendar", feeding.export, feeding.erase),
    ],
    attachments=hold_queries.attachments,
    jobs=jobs.JOBS,
    periodic=jobs.PERIODIC,
    receivers=[(mail_ended, receivers.on_mail_ended)],
    send_checks=[SendCheck("reminders", checking.reason_not_to_send)],
    upcoming=[UpcomingSource("reminders", _l("Reminder"), queries.upcoming)],
    retention=[
        Retention(
            "reminders",
            timedelta(days=400),
            deadlines.purge_deadlines,
            _l("Which organizers were reminded of a date that is long past"),
        )
    ],
    set_up=_set_up,
)
