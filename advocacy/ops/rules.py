"""Names of this room's work in the queue and in the mail; when the operators are written to: pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

PURGE_NAME = "ops.purge"
WATCH_NAME = "ops.watch"
TROUBLE_MAIL = "ops.trouble"
WELL_MAIL = "ops.well"
OWN_MAILS = (TROUBLE_MAIL, WELL_MAIL)
QUIET = timedelta(hours=1)
AGAIN = timedelta(days=1)
"""Trouble that stays is told again, for whoever overlooked it."""


@dataclass(frozen=True)
class News:
    """What is to be said, if anything, and what the operators know then."""

    mail: str | None
    told: list[str]


def judge(red: Collection[str], told: Collection[str], told_at: datetime | None, now: datetime) -> News:
    """What to say: of new trouble or of old that stays, never twice within the hour; of its end at once."""
    if not red:
        return News(WELL_MAIL if told else None, [])
    # A clock that was set back must not silence the house.
    age = AGAIN if told_at is None or told_at > now else now - told_at
    if age >= (AGAIN if set(red) <= set(told) else QUIET):
        return News(TROUBLE_MAIL, sorted(red))
    return News(None, sorted(set(red) & set(told)) or list(told))
