"""The whole house, a coalition and its organizer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from advocacy.app import create_app
from advocacy.core import crypto
from advocacy.core.db import db
from advocacy.core.settings import Settings
from tests.factories.accounts import sign_in
from tests.factories.coalitions import make_coalition, make_member


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """Every room, not only that of the tests beside this folder."""
    crypto.data_keys.clear()
    made = create_app(settings)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def coalition_id(app: Flask) -> int:
    """A coalition."""
    del app
    return make_coalition()


@pytest.fixture
def organizer(client: FlaskClient, coalition_id: int) -> FlaskClient:
    """Its organizer at the desk."""
    return sign_in(client, make_member(coalition_id, "organizer"))
