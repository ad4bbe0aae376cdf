"""What the room contributes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from advocacy.desk import views
from advocacy.web.manifest import Manifest, MenuItem, Place

MANIFEST = Manifest(
    name="desk",
    blueprints=[views.bp],
    menu=[
        MenuItem(Place.DESK, _l("Today"), "desk.home", order=0, icon="house"),
        MenuItem(Place.DESK, _l("Record"), "desk.record", order=90, icon="scroll-text", verb="audit.view"),
    ],
)
