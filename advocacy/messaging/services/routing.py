"""Whether mail can leave at all: when the server is down, all mail waits and one mail at a time tries."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, update

from advocacy.core import clock, logs
from advocacy.core.db import db
from advocacy.messaging import rules
from advocacy.messaging.adapters.smtp import BUDGET_S
from advocacy.messaging.models import MailRoute
from advocacy.messaging.rules import Outcome

log = logs.get("messaging")
_ANSWERED = frozenset({Outcome.SENT, Outcome.RETRY, Outcome.DEAD})


def name() -> str:
    """The way out that the settings name."""
    return str(current_app.extensions["advocacy.settings"].mail.transport)


def closed_until() -> datetime | None:
    """Until when no mail leaves; in the past: one mail may try; ``None``: open."""
    found: datetime | None = db.session.scalar(select(MailRoute.closed_until).where(MailRoute.name == name()))
    return found


def enter(now: datetime) -> tuple[datetime | None, bool]:
    """Ask for the way out: ``(wait until, whether the server was in trouble)``.

    When the pause is over, the first to ask becomes the trial and keeps the others waiting until it is settled.
    """
    row = db.session.execute(
        select(MailRoute.failures, MailRoute.closed_until).where(MailRoute.name == name())
    ).one_or_none()
    if row is None or row.failures == 0:
        return None, False
    if row.closed_until is None:
        return None, True
    if row.closed_until > now:
        return row.closed_until, True
    until = now + timedelta(seconds=BUDGET_S)
    is_first = db.session.execute(
        update(MailRoute)
        .where(MailRoute.name == name(), MailRoute.closed_until <= now)
        .values(closed_until=until)
        .execution_options(synchronize_session=False)
        .returning(MailRoute.name)
    ).one_or_none()
    return (None if is_first else until), True


def note(outcome: Outcome, was_troubled: bool) -> None:
    """Learn from an attempt's outcome."""
    if outcome in _ANSWERED:
        if was_troubled:
            db.session.execute(update(MailRoute).where(MailRoute.name == name()).values(failures=0, closed_until=None))
            log.info("mail_route_open", route=name())
        return
    if outcome not in {Outcome.LOST, Outcome.DOWN}:
        return
    now = clock.now()
    row = db.session.execute(select(MailRoute).where(MailRoute.name == name()).with_for_update()).scalar_one_or_none()
    if row is None:
        row = MailRoute(name=name(), failures=0, closed_until=None)
        db.session.add(row)
    row.failures = max(row.failures + 1, rules.STRIKES if outcome is Outcome.DOWN else 0)
    if row.failures >= rules.STRIKES:
        row.closed_until = now + rules.pause(row.failures - rules.STRIKES + 1)
        log.warning("mail_route_closed", route=name(), failures=row.failures)
    db.session.flush()
