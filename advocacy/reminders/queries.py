"""What deadlines will say by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.reminders import rules
from advocacy.reminders.models import Deadline, DeadlineState
from advocacy.web.manifest import house
from advocacy.web.offers import About, Upcoming
from advocacy.web.templating import when

EARLIEST = timedelta(days=60)
"""No rule speaks longer before its deadline."""
UNKNOWN = About("")


def upcoming(actor: Actor, until: datetime, limit: int) -> Sequence[Upcoming]:
    """Reminders that deadlines of the coalition in view will give until then, earliest first."""
    wanted = (
        select(Deadline)
        .where(
            Deadline.state == DeadlineState.UPCOMING,
            Deadline.coalition_id == actor.coalition_id,
            Deadline.next_at.is_not(None),
            Deadline.due_at <= until + EARLIEST,
        )
        .order_by(Deadline.due_at)
        .limit(limit)
    )
    now, rows = clock.now(), db.session.scalars(wanted).all()
    things = _about(rows)
    found = [
        _upcoming(row, at, things.get(row.kind, {}).get(row.object_id, UNKNOWN))
        for row in rows
        for at in rules.fire_times(house().reminder_kinds[row.kind].offsets, row.due_at, ZoneInfo(row.tz)).values()
        if now < at <= until
    ]
    return sorted(found, key=lambda item: item.at)[:limit]


def _upcoming(row: Deadline, at: datetime, thing: About) -> Upcoming:
    label = str(house().reminder_kinds[row.kind].label or row.kind)
    return Upcoming(
        at=at,
        title=thing.title or label,
        why=_("%(what)s: %(when)s", what=label, when=when(row.due_at, row.tz)),
        tz=row.tz,
        url=thing.url,
        campaign_id=thing.campaign_id,
        campaign=thing.campaign,
    )


def _about(rows: Sequence[Deadline]) -> Mapping[str, Mapping[int, About]]:
    """What the deadlines are about, by kind and object; one question a kind."""
    ids: dict[str, list[int]] = {}
    for row in rows:
        ids.setdefault(row.kind, []).append(row.object_id)
    kinds = house().reminder_kinds
    return {name: ask(found) for name, found in ids.items() if (ask := kinds[name].about) is not None}
