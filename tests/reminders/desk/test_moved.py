"""Dates that are moved twice: only the newest is spoken of, once."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from advocacy.core import uow
from advocacy.core.db import db
from advocacy.queue import port
from advocacy.web.manifest import house
from tests.support import moved_dates
from tests.support.work import run_due


def work(app: Flask) -> None:
    """What the ticker and a worker do, until nothing is due."""
    for _round in range(5):
        for entry in house().periodic:
            if entry.name.startswith("reminders."):
                with uow.reading():
                    is_due = entry.is_due is None or entry.is_due()
                if is_due:
                    with uow.unit():
                        port.enqueue(db.session(), entry.job, {}, dedupe_key=entry.name)
        if not run_due(app):
            return


def test_i143_dates_moved_twice_are_spoken_of_once_by_their_newest_revision(
    app: Flask, coalition_id: int, move_clock: Callable[[float], None]
) -> None:
    dates = moved_dates.begin(coalition_id)
    work(app)
    for at, days in moved_dates.MOVES[1:]:
        move_clock(at * moved_dates.DAY_S)
        moved_dates.move(dates, days)
        work(app)
    for offset_s in moved_dates.to_the_end(dates):
        move_clock(offset_s)
        work(app)
    assert moved_dates.check(dates) == 15
