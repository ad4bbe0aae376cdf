"""Words for what outreach notes."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from advocacy.outreach.models import ContactKind

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
