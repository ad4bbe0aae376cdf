"""What the room contributes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from advocacy.legislators import views
from advocacy.web.manifest import Manifest, MenuItem, Place

MANIFEST = Manifest(
    name="legislators",
    blueprints=[views.bp],
    menu=[
        MenuItem(
            Place.PUBLIC, _l("Find your representatives"), "legislators.representatives", order=20, icon="landmark"
        ),
        MenuItem(Place.PUBLIC, _l("Legislators"), "legislators.legislators", order=30, icon="users"),
    ],
)
