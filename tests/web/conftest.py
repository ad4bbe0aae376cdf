"""Everybody who may knock: a reader, and an account that holds every role."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from advocacy.web import access
from tests.factories.accounts import make_user, sign_in
from tests.factories.coalitions import give_role, make_coalition
from tests.support.world import furnish


@pytest.fixture
def coalition_id(app: Flask) -> int:
    return make_coalition()


@pytest.fixture
def known(app: Flask, coalition_id: int) -> dict[str, str]:
    """Where to find something behind each address."""
    return furnish(coalition_id, app.test_client())


@pytest.fixture
def insider(app: Flask, coalition_id: int) -> FlaskClient:
    """A signed-in account with every capability there is."""
    user_id = make_user(platform_admin=True)
    for role in ("admin", "organizer"):
        give_role(coalition_id, user_id, role)
    return sign_in(app.test_client(), user_id)


@pytest.fixture
def visitors(client: FlaskClient, insider: FlaskClient) -> dict[str, FlaskClient]:
    return {"reader": client, "insider": insider}


@pytest.fixture
def app_with_faults(app: Flask) -> Flask:
    """The app, with routes that fail in every way (``/fault/<what>``)."""
    from tests.support.faults import fail

    app.add_url_rule("/fault/<what>", "fault", access.public(fail), methods=["GET"])
    return app
