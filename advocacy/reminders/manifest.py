"""What reminders contribute."""

from __future__ import annotations

from advocacy.reminders import services
from advocacy.web.manifest import Manifest

MANIFEST = Manifest(name="reminders")

__all__ = ["MANIFEST", "services"]
