"""What ways, offices, people on a staff and fields are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from advocacy.legislators.models import OfficeKind, StaffRole, Way

WAYS = {
    Way.FORM: _l("Web form"),
    Way.EMAIL: _l("Email"),
    Way.PHONE: _l("Phone"),
    Way.FAX: _l("Fax"),
    Way.LETTER: _l("Letter"),
    Way.VISIT: _l("Visit"),
}
SITES = {
    OfficeKind.CAPITOL: _l("Capitol or city hall"),
    OfficeKind.DISTRICT: _l("Local office"),
    OfficeKind.MAIL: _l("Mail only"),
}
STAFF = {
    StaffRole.CHIEF: _l("Chief of staff"),
    StaffRole.POLICY: _l("Policy staff"),
    StaffRole.SCHEDULER: _l("Scheduler"),
    StaffRole.CASEWORK: _l("Casework"),
    StaffRole.PRESS: _l("Press"),
    StaffRole.OTHER: _l("Other"),
}
FIELDS = {
    "external_key": _l("ID"),
    "full_name": _l("Name"),
    "party": _l("Party"),
    "title": _l("Title"),
    "body": _l("Body"),
    "state": _l("State"),
    "district": _l("District"),
    "division_id": _l("Division (OCD)"),
    "starts_on": _l("Term begins"),
    "ends_on": _l("Term ends"),
    "phone": _l("Phone"),
    "fax": _l("Fax"),
    "email": _l("Mail address"),
    "contact_form": _l("Web form"),
    "url": _l("Website"),
    "address": _l("Office address"),
    "hours": _l("Office hours"),
}

TARGETS = {
    **FIELDS,
    "given_name": _l("Given name"),
    "family_name": _l("Family name"),
}
"""What a column of a list can hold."""


def site_name(kind: str) -> object:
    """What an office is, also of the kinds that only packs know."""
    names: dict[str, object] = {str(known): words for known, words in SITES.items()}
    names |= {"capitol-mail": SITES[OfficeKind.CAPITOL], "district-mail": SITES[OfficeKind.MAIL]}
    return names.get(kind, SITES[OfficeKind.DISTRICT])
