"""What the room contributes: nothing by itself; ``advocacy demo`` (room ``serving``) calls its services."""

from __future__ import annotations

from advocacy.web.manifest import Manifest

MANIFEST = Manifest(name="demo")
