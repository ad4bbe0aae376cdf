"""The roles in plain words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from advocacy.coalitions.models import REPRESENTATIVE, SEAT_HOLDER, RoleName

ROLE_WORDS: dict[str, object] = {
    RoleName.ADMIN: _l("Administrator"),
    RoleName.ORGANIZER: _l("Organizer"),
    RoleName.VOLUNTEER: _l("Volunteer"),
    RoleName.SPEAKER: _l("Speaker"),
    RoleName.CARE_LEAD: _l("Care lead"),
    RoleName.REVIEWER: _l("Reviewer"),
    RoleName.GRIEVANCE_OFFICER: _l("Grievance officer"),
    RoleName.OBSERVER: _l("Observer"),
}
INVITED_WORDS: dict[str, object] = {
    **ROLE_WORDS,
    REPRESENTATIVE: _l("Acting for an organization"),
    SEAT_HOLDER: _l("A seat in a committee"),
}
"""What somebody can be invited to."""
