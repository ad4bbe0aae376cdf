"""The languages this site speaks, each with its own name for itself."""

from __future__ import annotations

NAMES = {"en": "English"}
LOCALES = tuple(NAMES)
