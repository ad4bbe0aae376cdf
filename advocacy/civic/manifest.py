"""What civic contributes to the house."""

from __future__ import annotations

from advocacy.civic import commands
from advocacy.civic.services import health
from advocacy.web.manifest import HealthCheck, Manifest

MANIFEST = Manifest(
    name="civic",
    commands=(commands.civic,),
    health=(HealthCheck("civic_packs", health.packs_in_use, doctor_only=True),),
)
