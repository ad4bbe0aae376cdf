"""What the parts of a person in office are called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from advocacy.civic.services.people import ROLES, role_of
from advocacy.civic.services.store import Official

FILLED = {
    "name": _l("Name"),
    "party": _l("Party"),
    "phone": _l("Phone"),
    "email": _l("Mail address"),
    "contact_form": _l("Web form"),
    "url": _l("Website"),
    "address": _l("Office"),
    "offices": _l("Local offices"),
    "social": _l("Accounts on social networks"),
}


def roles_of(officials: Iterable[Official]) -> dict[str, Any]:
    """The title of each person's seat, by key."""
    return {official.id: ROLES[role_of(official.division_id, official.chamber)] for official in officials}
