"""The vendored front-end files are the ones the manifest names."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = json.loads((ROOT / "static/vendor/manifest.json").read_text(encoding="utf-8"))
KEYS = {"package", "version", "member", "file", "sha256", "licence"}


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["file"])
def test_vendored_file_matches_its_recorded_hash(entry: dict[str, str]) -> None:
    assert set(entry) == KEYS
    data = (ROOT / entry["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("folder", ["static/vendor", "tests/vendor"])
def test_every_vendored_file_is_in_the_manifest(folder: str) -> None:
    listed = {entry["file"] for entry in MANIFEST} | {"static/vendor/manifest.json"}
    found = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}
    assert found <= listed


def test_every_vendored_package_brings_its_licence() -> None:
    folders = {Path(entry["file"]).parent for entry in MANIFEST}
    assert all(list((ROOT / folder).glob("LICENSE*")) for folder in folders)


def test_no_vendored_file_asks_for_a_source_map() -> None:
    named = [entry["file"] for entry in MANIFEST if entry["file"].endswith((".js", ".css"))]
    assert not [name for name in named if b"sourceMappingURL=" in (ROOT / name).read_bytes()[-400:]]
