"""What the room contributes."""

from __future__ import annotations

from advocacy.audit import commands, jobs
from advocacy.web.manifest import Manifest

MANIFEST = Manifest(name="audit", jobs=[jobs.SEAL], periodic=[jobs.EVERY_2_S], commands=[commands.audit])
