"""Background work of petitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app

from advocacy.core import clock
from advocacy.core.db import db
from advocacy.petitions.services import tallying
from advocacy.queue import port

TALLY = "petitions.tally"
RECOUNT_ALL = "petitions.recount_all"
RECOUNT = "petitions.recount"
PLACE = "advocacy.petitions.tally_at"


def tally(args: Mapping[str, Any]) -> None:
    """Take in what waits; more than one helping is taken by the next run."""
    del args
    tallying.take_in_deltas()


def is_tally_due() -> bool:
    """Whether deltas wait; looks at most every ``petitions.tally_ms``."""
    now = clock.monotonic()
    if now < current_app.extensions.get(PLACE, 0.0):
        return False
    current_app.extensions[PLACE] = now + current_app.extensions["advocacy.settings"].petitions.tally_ms / 1000
    return tallying.is_waiting()


def recount_all(args: Mapping[str, Any]) -> None:
    """Compare every tally with its rows, one job and one transaction each."""
    del args
    for petition_id in tallying.counted_petitions():
        port.enqueue(
            db.session(), RECOUNT, {"petition_id": petition_id}, priority=90, dedupe_key=f"{RECOUNT}:{petition_id}"
        )


def recount(args: Mapping[str, Any]) -> None:
    """Compare one tally with its rows; a difference is mended and stands in the log as an error."""
    tallying.recount(int(args["petition_id"]))
