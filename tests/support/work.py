"""Background work inside a test, without a worker process."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from advocacy.core import clock
from advocacy.core.db import db
from advocacy.queue.adapters.embedded.claiming import claim, due
from advocacy.queue.adapters.embedded.running import run_claim

LIMIT = 1000


def run_due(app: Flask, until: datetime | None = None, *, raises: bool = True) -> int:
    """Run every due job until none is due; gives how many runs there were.

    ``until``: jobs due by this instant count as due now. ``raises=False`` lets jobs fail as they do in a worker; by
    default an unexpected error ends the test. What the test did not commit is forgotten.
    """
    db.session.rollback()
    ran = 0
    while ran < LIMIT:
        with app.app_context():
            now = max(until, clock.now()) if until else clock.now()
            found = due(now)
            claims = claim(found, "test", now, 20) if found else []
        if not claims:
            return ran
        for item in claims:
            error = run_claim(app, item)
            ran += 1
            if error is not None and raises:
                raise error
    msg = f"more than {LIMIT} runs: a job asks for itself without end"
    raise AssertionError(msg)
