"""What consent contributes to the house."""

from __future__ import annotations

from advocacy.consent import services
from advocacy.web.manifest import Manifest

MANIFEST = Manifest(name="consent")

__all__ = ["MANIFEST", "services"]
