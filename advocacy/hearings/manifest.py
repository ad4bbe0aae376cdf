"""What hearings contribute to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from advocacy.hearings import days, panels, views
from advocacy.hearings.queries import VIEW
from advocacy.web.manifest import Manifest, MenuItem, Place
from advocacy.web.offers import BillDays

MANIFEST = Manifest(
    name="hearings",
    blueprints=[views.bp],
    menu=[MenuItem(Place.DESK, _l("Hearings"), "hearings.index", order=24, icon="mic-vocal", verb=VIEW)],
    panels=panels.PANELS,
    bill_days=[BillDays("hearings", days.of_bill)],
)
