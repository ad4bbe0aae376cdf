"""What a question led to, kept for a while: division ids under a keyed hash, never the question, never a point."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select

from advocacy.civic.source_models import CachedAnswer
from advocacy.core import clock, crypto
from advocacy.core.db import Statement, db, run_together

ADDRESS_FRESH = timedelta(days=7)
NOTHING_FRESH = timedelta(minutes=10)
KEEP = timedelta(days=30)
"""How long an old answer may stand in while its source is down."""
MOST_WAITING = 12
"""Look-ups that may wait in one process, for a geocoder or for each other; more go on without the street."""
_STORE = Statement("""
    INSERT INTO cached_answer (key, kind, value, stored_at, fresh_until)
    VALUES (:key, :kind, :value, :stored_at, :fresh_until)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, kind = excluded.kind,
        stored_at = excluded.stored_at, fresh_until = excluded.fresh_until""")


@dataclass(frozen=True)
class Cached:
    """A kept answer."""

    value: dict[str, Any]
    stored_at: datetime
    is_fresh: bool


def key_of(kind: str, *parts: str) -> bytes:
    """The keyed hash of a question; a new master key makes new ones."""
    return crypto.blind_index(f"civic:{kind}:{crypto.keyring().current}", "\x1f".join(parts))


def find(key: bytes) -> Cached | None:
    """What is kept, fresh or not."""
    row = db.session.execute(select(CachedAnswer).where(CachedAnswer.key == key)).scalar_one_or_none()
    now = clock.now()
    if row is None or row.stored_at + KEEP <= now:
        return None
    return Cached(row.value, row.stored_at, is_fresh=now < row.fresh_until)


def store(kind: str, key: bytes, value: dict[str, Any], fresh: timedelta) -> None:
    """Keep an answer.

    Needs: a writing unit.
    """
    now = clock.now()
    params = {
        "key": key,
        "kind": kind,
        "value": json.dumps(value, separators=(",", ":")),
        "stored_at": now,
        "fresh_until": now + fresh,
    }
    run_together(db.session(), [(_STORE, params)])


def purge(before: datetime, limit: int) -> int:
    """Drop up to ``limit`` answers stored before an instant."""
    old = select(CachedAnswer.key).where(CachedAnswer.stored_at < before).limit(limit)
    gone = delete(CachedAnswer).where(CachedAnswer.key.in_(old)).execution_options(synchronize_session=False)
    return int(cast("CursorResult[Any]", db.session.execute(gone)).rowcount)


class _Flights:
    """One look-up a key at a time in this process; whoever comes second finds the first one's answer kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[bytes, tuple[threading.Lock, int]] = {}

    @contextmanager
    def one_by_one(self, key: bytes, wait_s: float) -> Iterator[bool]:
        """Wait for the turn; gives whether it came in time."""
        with self._lock:
            turn, count = self._under_way.get(key, (threading.Lock(), 0))
            self._under_way[key] = (turn, count + 1)
            if sum(waiting for _turn, waiting in self._under_way.values()) > MOST_WAITING:
                wait_s = 0.0  # the threads that answer everything else are not for waiting
        came = turn.acquire(timeout=max(0.0, wait_s))
        try:
            yield came
        finally:
            if came:
                turn.release()
            with self._lock:
                turn, count = self._under_way[key]
                if count <= 1:
                    del self._under_way[key]
                else:
                    self._under_way[key] = (turn, count - 1)


flights = _Flights()
