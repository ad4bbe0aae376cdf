"""When a reminder suits the person it is for: pure arithmetic of quiet hours and digests.

Quiet hours and a digest move a reminder earlier, never behind its deadline. Only what could not be said in time
waits for the end of the quiet hours or the next digest, and only while the deadline is still ahead then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from advocacy.messaging.preference_models import Digest
from advocacy.messaging.preferences import Preference
from advocacy.reminders.rules import instant_of

BEFORE_QUIET = timedelta(minutes=15)
"""A reminder that would fall into quiet hours is said so long before they begin: it has to go through the queue."""
_STEPS = {Digest.DAILY: timedelta(days=1), Digest.WEEKLY: timedelta(days=7)}


@dataclass(frozen=True)
class Plan:
    """When to say it, and whether together with others."""

    at: datetime
    is_digest: bool = False


def plan(at: datetime, due_at: datetime, wish: Preference, now: datetime) -> Plan:
    """When a reminder that the rule wants at ``at`` is said to this person."""
    around = digests_around(at, wish)
    if around is not None:
        last, following = around
        if due_at > following:  # a deadline before the next digest is said by itself
            return Plan(last if last > now else following, is_digest=True)
    return Plan(min(before_quiet(at, wish), due_at))


def quiet_around(at: datetime, wish: Preference) -> tuple[datetime, datetime] | None:
    """Beginning and end of the quiet hours that hold at ``at``, if any."""
    if wish.quiet_from == wish.quiet_to:
        return None
    zone = ZoneInfo(wish.tz)
    today = at.astimezone(zone).date()
    passes_midnight = wish.quiet_to < wish.quiet_from
    for day in (today - timedelta(days=1), today):
        begin = instant_of(datetime.combine(day, wish.quiet_from), zone)
        last_day = day + timedelta(days=1) if passes_midnight else day
        end = instant_of(datetime.combine(last_day, wish.quiet_to), zone)
        if begin <= at < end:
            return begin, end
    return None


def before_quiet(at: datetime, wish: Preference) -> datetime:
    """``at``, or the last good moment before the quiet hours it falls into."""
    quiet = quiet_around(at, wish)
    return at if quiet is None else quiet[0] - BEFORE_QUIET


def digests_around(at: datetime, wish: Preference) -> tuple[datetime, datetime] | None:
    """The digest before (or at) and the one after an instant; weekly ones come on Mondays."""
    step = _STEPS.get(wish.digest)
    if step is None:
        return None
    zone = ZoneInfo(wish.tz)
    day = at.astimezone(zone).date()
    if wish.digest == Digest.WEEKLY:
        day -= timedelta(days=day.weekday())
    if instant_of(datetime.combine(day, wish.digest_at), zone) > at:
        day -= step
    return tuple(instant_of(datetime.combine(each, wish.digest_at), zone) for each in (day, day + step))  # type: ignore[return-value]
