"""What several services ask of what they are given."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from advocacy.campaigns import rules
from advocacy.campaigns.models import Exposure
from advocacy.campaigns.queries import campaigns as queries
from advocacy.core import clock
from advocacy.core.errors import Conflict, RuleBroken

MAX_MINUTES = 60 * 24 * 30


def require_text(text: str, field: str) -> str:
    """The text, which must not be empty.

    Raises: RuleBroken.
    """
    if not text:
        raise RuleBroken(_("Please fill this in."), field=field)
    return text


def require_web_address(text: str, field: str) -> str:
    """The address of a page on the web, or nothing.

    Raises: RuleBroken.
    """
    if text and not rules.is_web_address(text):
        raise RuleBroken(_("Give the address of a page on the web. It begins with https://"), field=field)
    return text


def require_effort(minutes: int | None) -> int:
    """Minutes of work (domain I-049).

    Raises: RuleBroken (field ``effort_minutes``).
    """
    if minutes is None or not 0 < minutes <= MAX_MINUTES:
        raise RuleBroken(_("Say how many minutes it takes: a number from 1 up."), field="effort_minutes")
    return minutes


def require_exposure(exposure: str) -> str:
    """Who sees it.

    Raises: RuleBroken (field ``exposure``).
    """
    if exposure not in set(Exposure):
        raise RuleBroken(_("Say who sees it."), field="exposure")
    return exposure


def require_not_ahead(day: date, coalition_id: int, field: str) -> date:
    """A day that has come.

    Raises: RuleBroken.
    """
    if day > queries.today(coalition_id, clock.now()):
        raise RuleBroken(_("This day has not come yet."), field=field)
    return day


def require_version(seen: int, version: int) -> None:
    """What the editor saw must be what is stored.

    Raises: Conflict.
    """
    if seen != version:
        raise Conflict(_("Somebody changed this meanwhile. Please look again and repeat what is still needed."))
