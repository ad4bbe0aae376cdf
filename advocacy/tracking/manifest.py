"""What tracking contributes to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from advocacy.campaigns.queries.campaigns import VIEW
from advocacy.tracking import emails, jobs, panels, views
from advocacy.tracking.services.telling import MAIL
from advocacy.web.manifest import MailKind, Manifest, MenuItem, Place

MANIFEST = Manifest(
    name="tracking",
    blueprints=[views.bp],
    menu=[MenuItem(Place.DESK, _l("Changes to look at"), "tracking.changes", order=23, icon="list-checks", verb=VIEW)],
    panels=panels.PANELS,
    jobs=jobs.JOBS,
    periodic=jobs.PERIODIC,
    mails=[MailKind(MAIL, emails.changes, priority=40, service_basis="campaign")],
)
