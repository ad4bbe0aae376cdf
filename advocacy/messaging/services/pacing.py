"""How fast lots may go to one mail domain, so that it keeps taking our mail.

Each mail takes a place in its domain's line: a minute's worth may leave at once, the others get the instant of their
place and come back then, without asking again. A domain that says "later" is left alone for a while, and only it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, select

from advocacy.core import crypto
from advocacy.core.db import db
from advocacy.messaging import rules
from advocacy.messaging.models import MailPace

PACED = "domain_pace"
_MINUTE = timedelta(minutes=1)
_WORTH_KEEPING = timedelta(seconds=1)


class Paces:
    """The domains of one batch; read before it leaves, stored when it is settled.

    This process remembers domains between batches, for few are worth a row.
    """

    def __init__(self, domains: Iterable[str], now: datetime) -> None:
        """Needs: a reading unit."""
        self._indexes = {domain: crypto.blind_index("mail_pace", domain) for domain in set(domains)}
        per_min = current_app.extensions["advocacy.settings"].mail.lot_domain_per_min
        self._step = _MINUTE / per_min if per_min else None
        stored = db.session.scalars(select(MailPace).where(MailPace.domain_index.in_(self._indexes.values())))
        rows = {row.domain_index: (row.free_at, row.slow_until, row.strikes) for row in stored}
        known = _memory()
        self._free: dict[str, datetime] = {}
        self._slow: dict[str, tuple[datetime, int]] = {}
        for domain, index in self._indexes.items():
            free, slow, strikes = rows.get(index, (now, None, 0))
            self._free[domain] = max(free, known.get(index, now), now)
            if slow is not None and (slow > now or strikes):
                self._slow[domain] = (slow, strikes)
        self._stored = set(rows)
        self._changed: set[str] = set()

    def wait_until(self, domain: str, now: datetime, *, has_place: bool) -> datetime | None:
        """When a mail to this domain may leave; ``None``: now. ``has_place``: it waited for its turn already."""
        slow, _strikes = self._slow.get(domain, (now, 0))
        if self._step is None:
            return slow if slow > now else None
        if has_place and slow <= now:
            return None
        self._changed.add(domain)
        leaves = max(self._free[domain] + self._step - _MINUTE, slow, now)
        self._free[domain] = max(self._free[domain], leaves) + self._step
        return leaves if leaves > now else None

    def slow_down(self, domain: str, now: datetime) -> datetime:
        """Leave a domain alone that said "later"; gives until when."""
        _until, strikes = self._slow.get(domain, (now, 0))
        until = now + rules.domain_pause(strikes + 1)
        self._slow[domain] = (until, strikes + 1)
        self._changed.add(domain)
        return until

    def slow_until(self, domain: str) -> datetime | None:
        """Until when a domain is left alone."""
        found = self._slow.get(domain)
        return found[0] if found else None

    def welcome(self, domain: str) -> None:
        """A domain took a mail: it is slow no more."""
        if self._slow.pop(domain, None) is not None:
            self._changed.add(domain)

    def store(self, now: datetime) -> None:
        """Keep what the next batch must know, of the domains that matter."""
        known = _memory()
        for domain in self._changed:
            index, free = self._indexes[domain], self._free[domain]
            known[index] = free
            slow = self._slow.get(domain)
            if slow is None and free - now < _WORTH_KEEPING and index not in self._stored:
                continue
            db.session.merge(
                MailPace(
                    domain_index=index,
                    free_at=free,
                    slow_until=slow[0] if slow else None,
                    strikes=slow[1] if slow else 0,
                )
            )
        for index in [index for index, free in known.items() if free <= now]:
            del known[index]
        db.session.flush()


def forget(before: datetime, limit: int) -> int:
    """Delete what was kept of domains that nothing waits for."""
    old = select(MailPace.domain_index).where(MailPace.free_at < before).limit(limit)
    indexes = db.session.scalars(old).all()
    db.session.execute(
        delete(MailPace).where(MailPace.domain_index.in_(indexes)).execution_options(synchronize_session=False)
    )
    return len(indexes)


def _memory() -> dict[bytes, datetime]:
    found: dict[bytes, datetime] = current_app.extensions.setdefault("advocacy.mail_paces", {})
    return found
