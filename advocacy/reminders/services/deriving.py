"""Count deadlines from events by their rules; count again when the zone data of the world changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import tzdata
from flask_babel import gettext as _
from sqlalchemy import func, select

from advocacy.core import logs
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.queue import port
from advocacy.reminders import rules
from advocacy.reminders.models import Deadline, DeadlineState
from advocacy.reminders.services import deadlines
from advocacy.web.manifest import house

log = logs.get("reminders")
DERIVE_JOB = "reminders.derive_again"
BATCH = 200
LAST_YEAR = 2200


@dataclass(frozen=True)
class Event:
    """What deadlines are counted from: something of a coalition that begins at an instant in a place."""

    coalition_id: int | None
    object_kind: str
    object_id: int
    starts_at: datetime
    tz: str


@dataclass(frozen=True)
class Due:
    """A deadline of an event: its kind (announced in a manifest), how it is counted, and where that stands."""

    kind: str
    rule: rules.type_rule
    source: str = ""
    verified_at: datetime | None = None


def set_deadlines(event: Event, dues: Iterable[Due]) -> dict[str, int]:
    """Set or move the deadlines of an event; gives their ids by kind.

    Raises: RuleBroken when the zone is none, or a rule leads out of the calendar.
    """
    return {due.kind: _set(event, due) for due in dues}


def due_at(rule: rules.type_rule, event_at: datetime, tz: str) -> datetime:
    """The instant that a rule names for an event.

    Raises: RuleBroken when the zone is none, or the rule leads out of the calendar.
    """
    try:
        found = rule.moment(event_at, deadlines.zone_of(tz))
    except (OverflowError, ValueError):
        found = None
    if found is None or found.year > LAST_YEAR:
        raise RuleBroken(_("This leads too far away. Please look at the date again."), field="rule")
    return found


def is_outdated() -> bool:
    """Whether deadlines to come were made instants by other zone data than this process has."""
    ahead = Deadline.state == DeadlineState.UPCOMING
    found = {
        db.session.scalar(select(func.min(Deadline.zone_data)).where(ahead)),
        db.session.scalar(select(func.max(Deadline.zone_data)).where(ahead)),
    }
    return bool(found - {None, tzdata.IANA_VERSION})


def derive_again() -> int:
    """Make instants again of what was meant in wall time, some at a time; what moved is a new revision (R-10)."""
    outdated = select(Deadline).where(
        Deadline.state == DeadlineState.UPCOMING,
        Deadline.zone_data != tzdata.IANA_VERSION,
    )
    rows = db.session.scalars(outdated.order_by(Deadline.id).limit(BATCH).with_for_update(skip_locked=True)).all()
    for row in rows:
        _derive(row)
    db.session.flush()
    if len(rows) == BATCH:
        port.enqueue(db.session(), DERIVE_JOB, {}, dedupe_key=DERIVE_JOB)
    return len(rows)


def _set(event: Event, due: Due) -> int:
    return deadlines.set_deadline(
        kind=due.kind,
        coalition_id=event.coalition_id,
        object_kind=event.object_kind,
        object_id=event.object_id,
        due_at=due_at(due.rule, event.starts_at, event.tz),
        tz=event.tz,
        terms=deadlines.Terms(due.rule, event.starts_at, due.source, due.verified_at),
    )


def _derive(row: Deadline) -> None:
    zone = deadlines.zone_of(row.tz)
    found = _same_wall_time(row.due_local, row.due_at, zone)
    if row.event_at is not None and row.event_local is not None and row.rule is not None:
        row.event_at = _same_wall_time(row.event_local, row.event_at, zone)
        found = rules.of_data(row.rule).moment(row.event_at, zone)
    row.zone_data = tzdata.IANA_VERSION
    kind = house().reminder_kinds.get(row.kind)
    if found == row.due_at or kind is None:
        return
    log.info("deadline_derived_again", deadline_id=row.id, zone_data=row.zone_data)
    deadlines.move(row, found, zone)
    if kind.when_moved is not None:
        kind.when_moved(row.object_id, found)


def _same_wall_time(local: str, was_at: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a wall time; where it comes twice, the one that it was."""
    if deadlines.local_text(was_at, zone) == local:
        return was_at
    return rules.instant_of(datetime.fromisoformat(local), zone)
