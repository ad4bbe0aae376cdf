"""What the room contributes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from advocacy.ops import commands, emails, jobs, scheduler_views, views
from advocacy.ops.rules import TROUBLE_MAIL, WELL_MAIL
from advocacy.web import limits
from advocacy.web.manifest import MailKind, Manifest, MenuItem, Place, Retention

MANIFEST = Manifest(
    name="ops",
    blueprints=[views.bp, scheduler_views.bp],
    menu=[
        MenuItem(Place.DESK, _l("Scheduler"), "scheduler.page", order=94, icon="clock", verb="ops.view"),
        MenuItem(Place.DESK, _l("Operations"), "ops.operations", order=95, icon="settings", verb="ops.view"),
    ],
    jobs=[jobs.PURGE, jobs.WATCH],
    periodic=[jobs.DAILY, jobs.EVERY_MINUTE],
    mails=[
        MailKind(TROUBLE_MAIL, emails.trouble, priority=10, service_basis="operator"),
        MailKind(WELL_MAIL, emails.well, priority=10, service_basis="operator"),
    ],
    commands=[commands.doctor, commands.ops],
    retention=[
        Retention(
            "limits", limits.KEEP, limits.purge, _l("Scrambled counts of how often a network asked for something")
        )
    ],
)
