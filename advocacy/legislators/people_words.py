"""What the seats of people in office are called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from advocacy.civic.services.people import ROLES, role_of
from advocacy.civic.services.store import Official


def roles_of(officials: Iterable[Official]) -> dict[str, Any]:
    """The title of each person's seat, by key."""
    return {official.id: ROLES[role_of(official.division_id, official.chamber)] for official in officials}
