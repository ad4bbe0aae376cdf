"""A coalition that tracks a bill, and a stand-in for Open States."""

from __future__ import annotations

import pytest

from advocacy.core.settings import Civic
from tests.factories.accounts import sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.support import stand_in
from tests.support.legislature import Legislature

KEY = "planted-secret-key"


def use(app, **civic):
    """Set this section on the running app."""
    settings = app.extensions["advocacy.settings"]
    app.extensions["advocacy.settings"] = settings.model_copy(update={"civic": Civic(**{"census_url": ""} | civic)})


@pytest.fixture
def mn(app):
    """What Minnesota knows."""
    return Legislature()


@pytest.fixture
def states(app, mn):
    """Open States on loopback, with a key and calls enough."""
    with stand_in.serve(mn) as found:
        use(app, openstates_url=found.base_url, openstates_key=KEY, openstates_minute=1000, openstates_day=100000)
        yield found


@pytest.fixture
def coalition_id(app):
    return make_coalition()


@pytest.fixture
def organizer_id(coalition_id) -> int:
    return make_member(coalition_id, "organizer")


@pytest.fixture
def organizer(client, organizer_id):
    return sign_in(client, organizer_id)
