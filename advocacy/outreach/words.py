"""Words for what outreach notes."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from advocacy.outreach.models import ContactKind
from advocacy.outreach.position_models import Confidence, Promise, PromiseState, Stand

CONTACT_WORDS = {
    ContactKind.MEETING: _l("Meeting"),
    ContactKind.CALL: _l("Phone call"),
    ContactKind.LETTER: _l("Letter"),
    ContactKind.EMAIL: _l("Email"),
    ContactKind.TESTIMONY: _l("Testimony"),
    ContactKind.EVENT: _l("Event"),
    ContactKind.OTHER: _l("Other"),
}
STRENGTHS: dict[int, Any] = {
    1: _l("1: knows the name"),
    2: _l("2: has met"),
    3: _l("3: gets an answer"),
    4: _l("4: is asked for advice"),
    5: _l("5: trusts each other"),
}
STANDS: dict[Stand, Any] = {
    Stand.YES: _l("Yes"),
    Stand.LEANS_YES: _l("Leans yes"),
    Stand.UNDECIDED: _l("Undecided"),
    Stand.LEANS_NO: _l("Leans no"),
    Stand.NO: _l("No"),
    Stand.UNKNOWN: _l("Not known"),
}
PARTS: dict[str, Any] = {
    **{str(stand): label for stand, label in STANDS.items()},
    "not_listed": _l("Seat not in our list"),
    "vacant": _l("Empty seat"),
}
"""What a seat can be in the picture of the votes."""
SURE: dict[str, Any] = {
    Confidence.RECORD: _l("On the record"),
    Confidence.HEARD: _l("Told one of us"),
    Confidence.GUESS: _l("Our reading"),
}
PROMISES: dict[str, Any] = {
    Promise.SPONSOR: _l("Sponsor a bill"),
    Promise.VOTE: _l("Vote for or against"),
    Promise.AMEND: _l("Offer an amendment"),
    Promise.MEET: _l("Meet with us"),
    Promise.SPEAK: _l("Speak up"),
    Promise.OTHER: _l("Something else"),
}
PROMISE_STATES: dict[str, tuple[Any, str]] = {
    PromiseState.OPEN: (_l("Open"), "info"),
    PromiseState.KEPT: (_l("Kept"), "good"),
    PromiseState.BROKEN: (_l("Broken"), "danger"),
    PromiseState.RELEASED: (_l("No longer applies"), "plain"),
}
