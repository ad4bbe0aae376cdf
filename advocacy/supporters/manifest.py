"""What supporters contribute to the house."""

from __future__ import annotations

from advocacy.supporters import services
from advocacy.web.manifest import Manifest

MANIFEST = Manifest(name="supporters")

__all__ = ["MANIFEST", "services"]
