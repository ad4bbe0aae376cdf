"""What mailings contribute to the house."""

from __future__ import annotations

from advocacy.web.manifest import Manifest

MANIFEST = Manifest(name="mailings")
