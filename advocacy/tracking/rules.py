"""What a change is, when it is the same one, how far a bill is by its steps, when a hearing is by its source. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from advocacy.campaigns.models import BillStatus as B
from advocacy.campaigns.rules import is_web_address, normal_identifier
from advocacy.civic.adapters.ports import FoundAction, FoundEvent
from advocacy.hearings.models import HearingState as H

FRESH = {"bills": timedelta(minutes=15), "events": timedelta(minutes=30)}
"""An answer this young is not asked for again."""
LONGEST = timedelta(days=1)
OVERLAP = timedelta(hours=1)
"""A source may show a change later than the time it bears."""
COSTS = {"bills": 1, "events": 2}
"""Calls of a quiet round; hearings are asked for twice, the deleted ones apart."""
_OF_POLLS = 0.8
"""The part of background work's calls that rounds plan with; the rest is for long lists and first questions."""
_BY_CLASS = {
    "introduction": B.INTRODUCED,
    "filing": B.INTRODUCED,
    "referral-committee": B.IN_COMMITTEE,
    "committee-passage": B.ON_FLOOR,
    "committee-passage-favorable": B.ON_FLOOR,
    "executive-signature": B.ENACTED,
    "became-law": B.ENACTED,
    "BecameLaw": B.ENACTED,
    "executive-veto": B.VETOED,
    "Veto": B.VETOED,
    "failure": B.FAILED,
    "withdrawal": B.FAILED,
}
_PASSED = frozenset({"passage"})
_ORDER = list(B)
WAITS = frozenset({"budget", "parked", "open", "limit", "key", "busy"})
"""Ways in which a question was not even asked: when it may be is known elsewhere."""
_SOON, _AFTER_FAULT = timedelta(seconds=30), timedelta(minutes=5)


def mark(*parts: object) -> str:
    """The same for the same change, short enough to be unique in a column."""
    said = json.dumps([str(part) for part in parts], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def interval(what: str, rounds: Iterable[str], a_day: int) -> timedelta:
    """How long to wait between rounds so that all of a source's lists share its day; ``rounds`` names each list."""
    calls = sum(COSTS[one] for one in rounds)
    planned = timedelta(days=1) * calls / max(1.0, a_day * _OF_POLLS)
    return min(max(planned, FRESH[what]), LONGEST)


def pause(code: str) -> timedelta:
    """How long to wait at least after a question that ended like this."""
    return _SOON if code in WAITS else _AFTER_FAULT


def names_bill(event: FoundEvent, keys: Collection[str], numbers: Collection[str]) -> bool:
    """Whether a hearing's agenda names a bill: by its key, or by its number where the source knows no key."""
    return any(key in keys if key else number_of(name) in numbers for key, name in event.bills)


@dataclass(frozen=True)
class Step:
    """A step of a bill; ``turn`` tells equal ones of a day apart; ``status`` is where the bill stands since."""

    on: date
    text: str
    body: str
    turn: int
    status: str


def steps(actions: Sequence[FoundAction]) -> list[Step]:
    """The steps in their order, told apart by what they say: a source makes new keys whenever it reads a bill anew."""
    found: list[Step] = []
    seen: dict[tuple[date, str, str], int] = {}
    passed: set[str] = set()
    for action in actions:
        on = day_of(action.on)
        if on is None or not action.text:
            continue
        same = (on, action.text, action.body)
        seen[same] = seen.get(same, 0) + 1
        found.append(Step(on, action.text, action.body, seen[same], _status(action, passed)))
    return found


def _status(action: FoundAction, passed: set[str]) -> str:
    """How far a bill is by this step, or nothing."""
    if _PASSED & set(action.kinds):
        passed.add(action.body)
        return B.PASSED_BOTH if len(passed) > 1 else B.PASSED_ONE
    named = [_BY_CLASS[kind] for kind in action.kinds if kind in _BY_CLASS]
    return max(named, key=_ORDER.index, default="")


def number_of(name: str) -> str:
    """A bill's number in its normal form, or nothing."""
    return normal_identifier(name) or ""


def link(url: str) -> str:
    """An address that can be stored, or nothing: a bad one must not keep a change from being accepted."""
    return url if is_web_address(url) else ""


def day_of(given: str) -> date | None:
    """The day of what a source gave as a day or an instant."""
    try:
        return date.fromisoformat(given[:10])
    except ValueError:
        return None


def instant_of(given: str) -> datetime | None:
    """An instant with its offset; without one it is UTC."""
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


@dataclass(frozen=True)
class Slot:
    """When a hearing is: a day, or a day and a time of its place."""

    on: date
    at: time | None
    tz: str


def slot_of(event: FoundEvent, zone: str) -> Slot | None:
    """When a hearing is, in the zone of its place; a day alone stays a day. ``None`` when it cannot be read."""
    if event.all_day or "T" not in event.starts.replace(" ", "T", 1):
        on = day_of(event.starts)
        return Slot(on, None, zone) if on else None
    found = instant_of(event.starts)
    if found is None:
        return None
    local = found.astimezone(ZoneInfo(zone))
    return Slot(local.date(), local.time().replace(second=0, microsecond=0, fold=0), zone)


def slot_in(facts: Mapping[str, Any]) -> Slot:
    """When a hearing is, by the facts of a change."""
    at = time.fromisoformat(facts["at"]) if facts["at"] else None
    return Slot(date.fromisoformat(facts["on"]), at, facts["tz"])


def state_of(event: FoundEvent) -> H:
    """How certain a hearing is by its source."""
    if event.is_deleted:
        return H.CANCELLED
    status = event.status.lower()
    if status in {"cancelled", "canceled"}:
        return H.CANCELLED
    if status == "postponed":
        return H.POSTPONED
    if status == "passed":
        return H.CONCLUDED
    return H.TENTATIVE if status == "tentative" else H.CONFIRMED
