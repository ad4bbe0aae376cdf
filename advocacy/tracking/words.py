"""The words for changes, and for why a source did not answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from advocacy.hearings import words as hearings
from advocacy.tracking import rules
from advocacy.tracking.models import ChangeKind

KINDS: dict[str, Any] = {
    ChangeKind.STEP: (_l("Step of the bill"), "info"),
    ChangeKind.VERSION: (_l("New text"), "info"),
    ChangeKind.HEARING_NEW: (_l("New hearing"), "good"),
    ChangeKind.HEARING_MOVED: (_l("Hearing moved"), "warn"),
    ChangeKind.HEARING_CANCELLED: (_l("Hearing cancelled"), "danger"),
}
CODES: dict[str, Any] = {
    "": _l("It answered."),
    "no_source": _l("No key is set for this source, so nothing is asked."),
    "not_found": _l("The source knows no such bill. Look at the session and the number."),
    "refused": _l("The source did not take the question."),
    "budget": _l("Our share of its calls is used up for now; the rest waits."),
    "limit": _l("The source says that we ask too often. It is left alone for a while."),
    "parked": _l("The source is left alone until it counts anew."),
    "open": _l("The source fails just now. It is tried again soon."),
    "key": _l("The source refuses the key. Whoever runs this site can look at it."),
    "busy": _l("Too much is asked at once. Please try again in a moment."),
}
FAILED = _l("The source did not answer well. It is tried again soon.")


def code(given: str) -> str:
    """How a question ended, for people."""
    return str(CODES.get(given, FAILED))


def moment(facts: Mapping[str, Any]) -> str:
    """When a hearing is by the facts of a change, as calendars say it."""
    slot = rules.slot_in(facts)
    return hearings.moment(slot.on, slot.at, slot.tz)
