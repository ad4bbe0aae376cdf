"""May a source be asked now, and how did it go: circuit breaker, parking and limiter, shared by every process.

Each function runs in the caller's short writing unit; the source's row with the empty route is locked first, so that
two workers never take the last call at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from advocacy.civic.services.sources import DAY_S, Source
from advocacy.civic.source_models import SourceState
from advocacy.core import clock
from advocacy.core.db import Statement, db, run_together
from advocacy.web import limits

WHOLE = ""
_REMEMBERED = 20
_FAILURES, _FAILURES_S = 5, 60.0
_OPEN_FOR = timedelta(seconds=30)
_PROBE_FOR = timedelta(seconds=15)
_SHARE = 0.8
"""We count otherwise than they do: a fifth is left for the difference."""
_POLLING = 0.6
"""The part of our share that background work may use; the rest waits for people."""
_ENSURE = Statement("""
    INSERT INTO source_state (source, route, recent, last_code) VALUES (:source, :route, '[]', '')
    ON CONFLICT (source, route) DO NOTHING""")


@dataclass(frozen=True)
class Left:
    """What may still be asked in a window by our own count."""

    window_s: int
    used: int
    allowed: int


def refusal(source: Source, route: str, *, for_people: bool) -> str | None:
    """Why the source must not be asked now; ``None`` takes one call from the budget.

    Needs: a writing unit.
    """
    now = clock.now()
    whole = _locked(source.name, WHOLE)
    if whole.parked_until is not None and now < whole.parked_until:
        return "parked"
    row = _locked(source.name, route)
    is_probe = row.opened_at is not None
    if row.opened_at is not None and (
        now < row.opened_at + _OPEN_FOR or (row.probe_at is not None and now < row.probe_at + _PROBE_FOR)
    ):
        return "open"
    if not _take(source, for_people=for_people):
        return "budget"
    if is_probe:
        row.probe_at = now
    return None


def take_again(source: Source, *, for_people: bool) -> bool:
    """Take a further call, for a second try.

    Needs: a writing unit.
    """
    _locked(source.name, WHOLE)
    return _take(source, for_people=for_people)


def went_well(source: Source, route: str) -> None:
    """Note an answer; it closes the circuit.

    Needs: a writing unit.
    """
    row = _locked(source.name, route)
    row.last_success_at = clock.now()
    row.last_code = ""
    row.recent = [] if row.opened_at is not None else [*row.recent, [clock.timestamp(), 1]][-_REMEMBERED:]
    row.opened_at = row.probe_at = None


def went_wrong(source: Source, route: str, code: str) -> None:
    """Note a failure; it opens the circuit where it is one too many, or was the probe.

    Needs: a writing unit.
    """
    row = _locked(source.name, route)
    row.last_failure_at = clock.now()
    row.last_code = code
    row.recent = [*row.recent, [clock.timestamp(), 0]][-_REMEMBERED:]
    if row.opened_at is not None or _is_too_many(row.recent):
        row.opened_at = clock.now()
        row.probe_at = None


def park(source: Source, until: datetime, code: str) -> None:
    """Leave a source alone until then: each try would count against us.

    Needs: a writing unit.
    """
    row = _locked(source.name, WHOLE)
    row.parked_until = max(until, row.parked_until) if row.parked_until else until
    row.last_failure_at = clock.now()
    row.last_code = code


def left(source: Source) -> list[Left]:
    """Our count of each window, for people who look after it."""
    return [Left(window_s, _used(source, window_s), int(count * _SHARE)) for window_s, count in source.limits]


def not_before(source: Source, route: str) -> datetime:
    """When background work may ask again, as far as is known now."""
    now = clock.now()
    rows = states(source)
    whole, row = rows.get(WHOLE), rows.get(route)
    found = [now]
    if whole is not None and whole.parked_until is not None:
        found.append(whole.parked_until)
    if row is not None and row.opened_at is not None:
        found.append(row.opened_at + _OPEN_FOR)
    for window_s, count in source.limits:
        if _used(source, window_s) + 1 > int(count * _SHARE * _POLLING):
            found.append(next_day() if window_s >= DAY_S else now + timedelta(seconds=window_s))
    return max(found)


def polls_a_day(source: Source) -> int:
    """How often background work may ask in a day."""
    return min((int(count * _SHARE * _POLLING) * (DAY_S // window_s) for window_s, count in source.limits), default=0)


def states(source: Source) -> dict[str, SourceState]:
    """What is known of a source, by route."""
    rows = db.session.execute(select(SourceState).where(SourceState.source == source.name)).scalars()
    return {row.route: row for row in rows}


def is_open(row: SourceState) -> bool:
    """Whether the circuit is open (or half open)."""
    return row.opened_at is not None


def next_day() -> datetime:
    """The next midnight in UTC: when a count by day begins again."""
    return (clock.now() + timedelta(days=1)).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _is_too_many(recent: list[list[float]]) -> bool:
    since = clock.timestamp() - _FAILURES_S
    late = sum(1 for at, is_fine in recent if not is_fine and at >= since)
    return late >= _FAILURES or sum(1 for _at, is_fine in recent if not is_fine) * 2 >= _REMEMBERED


def _locked(source: str, route: str) -> SourceState:
    run_together(db.session(), [(_ENSURE, {"source": source, "route": route})])
    wanted = select(SourceState).where(SourceState.source == source, SourceState.route == route).with_for_update()
    return db.session.execute(wanted.execution_options(populate_existing=True)).scalar_one()


def _take(source: Source, *, for_people: bool) -> bool:
    part = _SHARE if for_people else _SHARE * _POLLING
    if any(_used(source, window_s) + 1 > int(count * part) for window_s, count in source.limits):
        return False
    for window_s, _count in source.limits:
        limits.hit(_limit(source, window_s), source.key, window_s)
    return True


def _limit(source: Source, window_s: int) -> str:
    return f"source:{source.name}:{window_s}"


def _used(source: Source, window_s: int) -> int:
    """Calls in the window that ends now.

    Days are counted from midnight UTC, as the providers do; of shorter windows the part of the one before that still
    reaches in is added, or twice the limit would fit around its edge.
    """
    present = limits.hits(_limit(source, window_s), source.key, window_s)
    if window_s >= DAY_S:
        return present
    start = limits.window_at(window_s)
    params = {
        "key": limits.throttle_key(_limit(source, window_s), source.key),
        "window_at": start - timedelta(seconds=window_s),
    }
    rows = run_together(db.session(), [(limits.READ, params)])[0]
    rest = 1 - (clock.now() - start).total_seconds() / window_s
    return present + int((rows[0][0] if rows else 0) * max(0.0, rest))
