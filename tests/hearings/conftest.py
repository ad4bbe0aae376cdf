"""A coalition and its organizer."""

from __future__ import annotations

import pytest

from tests.factories.accounts import sign_in
from tests.factories.coalitions import make_coalition, make_member


@pytest.fixture
def coalition_id(app):
    return make_coalition()


@pytest.fixture
def organizer(client, coalition_id):
    return sign_in(client, make_member(coalition_id, "organizer"))
