"""Fixtures of the drills."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest

from tests.support.stage import Stage, stage


@pytest.fixture
def seed() -> int:
    """Chance that can be repeated: shown when a test fails, set by ``ADVOCACY_TEST_SEED``."""
    found = int(os.environ.get("ADVOCACY_TEST_SEED") or random.SystemRandom().randrange(10**6))
    print(f"ADVOCACY_TEST_SEED={found}")  # noqa: T201 - pytest shows it with a failure
    return found


@pytest.fixture
def on_stage(database_url: str) -> Iterator[Stage]:
    """One open petition on a fresh database."""
    with stage(database_url) as found:
        yield found
