"""A coalition, and an organizer who is signed in."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.factories.accounts import sign_in
from tests.factories.coalitions import make_coalition, make_member


@pytest.fixture
def coalition_id(app):
    return make_coalition()


@pytest.fixture
def organizer_id(coalition_id) -> int:
    return make_member(coalition_id, "organizer")


@pytest.fixture
def organizer(client, organizer_id) -> FlaskClient:
    return sign_in(client, organizer_id)
