"""What the room contributes."""

from __future__ import annotations

from advocacy.ops import views
from advocacy.web.manifest import Manifest

MANIFEST = Manifest(name="ops", blueprints=[views.bp])
