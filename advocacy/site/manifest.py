"""What the room contributes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from advocacy.site import views
from advocacy.web.manifest import Manifest, MenuItem, Place

MANIFEST = Manifest(
    name="site",
    blueprints=[views.bp],
    menu=[MenuItem(Place.PUBLIC, _l("Help"), "site.get_help", order=90)],
)
