"""The made-up state, for pages without real data."""

from __future__ import annotations

import pytest
from flask import Flask

from advocacy.civic.services import demo_pack
from advocacy.core import uow


@pytest.fixture
def demo_state(app: Flask) -> None:
    """The demonstration packs."""
    with uow.unit():
        demo_pack.install()
