"""What campaigns contribute to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from advocacy.campaigns import views
from advocacy.web.manifest import Manifest, MenuItem, Place

MANIFEST = Manifest(
    name="campaigns",
    blueprints=[views.bp],
    menu=[MenuItem(Place.DESK, _l("Campaigns"), "campaigns.index", order=20, icon="flag", verb="campaigns.manage")],
)
