"""Delete old data once a day, a chunk a transaction; tell the operators of trouble."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from advocacy.core.db import db
from advocacy.core.jobs_spec import Job, Periodic, type_args
from advocacy.ops.rules import PURGE_NAME, WATCH_NAME
from advocacy.ops.services import alarming, purging
from advocacy.queue.port import enqueue

LOW = 90
"""Priority behind everything that people wait for."""


def _purge(args: type_args) -> None:
    """Without a name: ask for one job a class. With one: purge a chunk, and ask again while there is more."""
    name = args.get("data")
    names = [item.name for item in purging.classes()] if name is None else []
    if name is not None and purging.purge_chunk(str(name)) >= purging.CHUNK:
        names = [str(name)]
    for wanted in names:
        enqueue(db.session(), PURGE_NAME, {"data": wanted}, priority=LOW, dedupe_key=f"{PURGE_NAME}:{wanted}")


def _watch(args: type_args) -> None:
    del args
    alarming.tell()


PURGE = Job(PURGE_NAME, _purge)
WATCH = Job(WATCH_NAME, _watch)
DAILY = Periodic(PURGE_NAME, PURGE_NAME, timedelta(days=1), label=_l("Delete what was kept long enough"))
EVERY_MINUTE = Periodic(
    WATCH_NAME, WATCH_NAME, timedelta(minutes=1), is_due=alarming.is_news, label=_l("Tell the operators of trouble")
)
