"""Post a form of a page, and look at the one row of a table."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from advocacy.core import uow
from advocacy.core.db import db


def token(page: TestResponse) -> str:
    """The token of a page's forms."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


def post(client: FlaskClient, page_url: str, to: str, **data: Any) -> TestResponse:
    """Post as the form of a page does."""
    return client.post(to, data={"csrf_token": token(client.get(page_url)), **data})


def only(model: type[Any]) -> Any:
    """The one row of a table."""
    with uow.reading():
        found = db.session.execute(select(model)).scalar_one()
        db.session.expunge(found)
    return found
