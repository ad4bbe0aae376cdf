"""One round of a list, as the worker does it."""

from __future__ import annotations

from flask import Flask

from advocacy.core import uow
from advocacy.core.db import db
from advocacy.tracking.models import Poll
from advocacy.tracking.services import watching
from tests.factories.campaigns import detached
from tests.support.work import run_due


def round_of(app: Flask, what: str, source: str = "openstates", code: str = "mn") -> None:
    """Read a list now."""
    db.session.rollback()
    with uow.unit():
        row = db.session.get(Poll, (source, code, what))
        assert row is not None
        watching.ask_for(row)
    run_due(app)


def poll(what: str, source: str = "openstates", code: str = "mn") -> Poll:
    """How far a list was read."""
    return detached(Poll, (source, code, what))
