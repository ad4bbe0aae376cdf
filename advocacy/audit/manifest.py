"""What the room contributes."""

from __future__ import annotations

from advocacy.audit import models  # noqa: F401 - the tables
from advocacy.web.manifest import Manifest

MANIFEST = Manifest(name="audit")
