"""What the queue contributes."""

from __future__ import annotations

from advocacy.queue import commands
from advocacy.queue.checks import HEALTH
from advocacy.web.manifest import Manifest

MANIFEST = Manifest(name="queue", commands=[commands.group], health=HEALTH)
