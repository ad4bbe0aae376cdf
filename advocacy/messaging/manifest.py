"""What messaging contributes."""

from __future__ import annotations

from advocacy.messaging import models, render
from advocacy.messaging.services import sending
from advocacy.web.manifest import Manifest

MANIFEST = Manifest(name="messaging")

__all__ = ["MANIFEST", "models", "render", "sending"]
