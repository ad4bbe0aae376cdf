"""What the queue contributes."""

from __future__ import annotations

from advocacy.queue import models, port
from advocacy.web.manifest import Manifest

MANIFEST = Manifest(name="queue")

__all__ = ["MANIFEST", "models", "port"]
