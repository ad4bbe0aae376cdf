"""What stands beside the code: lock files without addresses, an example of every setting, migrations."""

from __future__ import annotations

import re
import tomllib

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from advocacy.core import paths
from advocacy.core.db import db
from advocacy.core.settings import Section, Settings
from tests.support.source import ROOT


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements*.lock")), ids=lambda path: path.name)
def test_lock_file_holds_hashes_and_no_address(path):
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert "--hash=sha256:" in text


def example() -> str:
    return (ROOT / "config.example.toml").read_text(encoding="utf-8")


def test_example_names_every_setting_with_its_default():
    """Each key stands there, commented or not, with the value that holds without it."""
    loud = re.sub(r"^# ?(?=[a-z_]+ = )", "", example(), flags=re.MULTILINE)
    said = tomllib.loads(loud)
    sections = {name: field.annotation for name, field in Settings.model_fields.items()}
    assert set(said) == set(sections)
    for name, kind in sections.items():
        assert issubclass(kind, Section)
        assert set(said[name]) == set(kind.model_fields), f"[{name}]"
        given, default = kind.model_validate(said[name]), kind()
        for key in kind.model_fields:
            if said[name][key] != "":
                assert getattr(given, key) == getattr(default, key), f"[{name}] {key} is not the default"


def test_example_explains_every_setting():
    """A comment of its own stands above each key."""
    lines = example().splitlines()
    for number, line in enumerate(lines):
        if re.match(r"(# ?)?[a-z_]+ = ", line):
            above = lines[number - 1]
            assert above.startswith("#"), f"line {number + 1} is not explained: {line}"


def has_migrations() -> bool:
    return any((paths.MIGRATIONS / "versions").glob("*.py"))


@pytest.mark.both_databases
def test_migrations_match_the_models(app: Flask):
    if not has_migrations():
        pytest.skip("no migration yet: tests make the schema from the models")
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []
