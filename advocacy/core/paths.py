"""Where templates, static files and migrations lie: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def _shipped(name: str) -> Path:
    beside = _PACKAGE.parent / name
    return beside if beside.is_dir() and (_PACKAGE.parent / "pyproject.toml").is_file() else _PACKAGE / name


TEMPLATES = _shipped("templates")
STATIC = _shipped("static")
MIGRATIONS = _shipped("migrations")
TRANSLATIONS = _PACKAGE / "translations"
