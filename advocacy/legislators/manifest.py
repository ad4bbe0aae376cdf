"""What the room contributes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from advocacy.legislators import desk_views, note_views, own_views, public_views, report_views, roster_views, views
from advocacy.legislators.services import reporting, rosters
from advocacy.web.manifest import Manifest, MenuItem, Place, Retention

MANIFEST = Manifest(
    name="legislators",
    blueprints=[
        views.bp,
        public_views.bp,
        roster_views.bp,
        own_views.bp,
        note_views.bp,
        desk_views.bp,
        report_views.bp,
    ],
    menu=[
        MenuItem(
            Place.PUBLIC, _l("Find your representatives"), "legislators.representatives", order=20, icon="landmark"
        ),
        MenuItem(Place.PUBLIC, _l("Legislators"), "lawmakers.index", order=30, icon="users"),
        MenuItem(Place.DESK, _l("Directory"), "directory.index", order=38, icon="users", verb="directory.view"),
        MenuItem(
            Place.DESK, _l("Wrong answers"), "reports.queue", order=93, icon="message-square-quote", verb=reporting.VERB
        ),
    ],
    retention=[
        Retention(
            "legislators.rosters",
            rosters.KEEP_DRAFTS,
            rosters.purge,
            _l("Lists of people in office that an organizer uploaded and never applied"),
        ),
        Retention(
            "legislators.reports",
            reporting.KEEP,
            reporting.purge,
            _l("What visitors said was wrong with a look-up, with the district and without their address"),
        ),
    ],
)
