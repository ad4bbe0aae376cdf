"""Whether a reminder still stands: of a deadline that holds, to somebody who is asked."""

from __future__ import annotations

from collections.abc import Iterable

from advocacy.core import clock
from advocacy.core.db import db
from advocacy.messaging import preferences
from advocacy.messaging.preference_models import PersonKind
from advocacy.messaging.preferences import Preference
from advocacy.reminders.models import Deadline, DeadlineState
from advocacy.web.manifest import house


def why_silent(row: Deadline | None, rev: int) -> str | None:
    """Why nobody is reminded of this deadline any more, as far as it is the deadline's."""
    if row is None or row.state == DeadlineState.VOID:
        return "deadline_dropped"
    if row.rev != rev:
        return "deadline_moved"
    if row.due_at <= clock.now():
        return "deadline_passed"
    return None if house().reminder_kinds[row.kind].still_matters(row.object_id, row.rev) else "no_longer_matters"


def why_not_this_person(row: Deadline, user_id: int, people: Iterable[int], wish: Preference) -> str | None:
    """Why this person is not reminded: asked no longer, or no asks at all for some weeks."""
    if user_id not in people:
        return "no_longer_asked"
    is_silenced = wish.is_paused(clock.now()) and not house().reminder_kinds[row.kind].is_owed
    return "paused" if is_silenced else None


def why_not(deadline_id: int, rev: int, user_id: int) -> str | None:
    """Why one person is not to be reminded of a deadline in this revision, now."""
    row = db.session.get(Deadline, deadline_id)
    reason = why_silent(row, rev)
    if row is None or reason is not None:
        return reason
    people = house().reminder_kinds[row.kind].recipients(row.object_id)
    return why_not_this_person(row, user_id, people, preferences.one(PersonKind.ACCOUNT, user_id, default_tz=row.tz))
