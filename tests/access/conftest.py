"""The world, built once for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.access.world import World, standing


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with standing() as made:
        yield made
