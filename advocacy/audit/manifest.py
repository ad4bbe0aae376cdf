"""What the room contributes."""

from __future__ import annotations

from advocacy.audit import commands, jobs, queries
from advocacy.web.manifest import HealthCheck, Manifest

MANIFEST = Manifest(
    name="audit",
    jobs=[jobs.SEAL],
    periodic=[jobs.EVERY_2_S],
    commands=[commands.audit],
    health=[HealthCheck("audit", queries.is_sealing, doctor_only=True)],
)
