"""The rooms of this house, lowest first: the one list that a new room joins."""

from __future__ import annotations

from advocacy.audit import manifest as audit
from advocacy.web.manifest import Manifest

MANIFESTS: tuple[Manifest, ...] = (audit.MANIFEST,)
