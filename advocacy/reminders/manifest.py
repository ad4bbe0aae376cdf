"""What the room contributes."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import reset_tzpath

from flask import Flask
from flask_babel import lazy_gettext as _l

from advocacy.messaging.signals import mail_ended
from advocacy.reminders import jobs, queries, receivers
from advocacy.reminders.services import checking, deadlines
from advocacy.web.manifest import Manifest, Retention, SendCheck
from advocacy.web.offers import UpcomingSource


def _set_up(app: Flask) -> None:
    """Take wall times from the pinned zone data: machines of one house must not disagree about an instant."""
    del app
    reset_tzpath(to=())


MANIFEST = Manifest(
    name="reminders",
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
