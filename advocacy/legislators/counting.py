"""How often somebody may look up: a free geocoder for everybody would soon be one for nobody."""

from __future__ import annotations

import threading
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _

from advocacy.core import uow
from advocacy.core.errors import TooMany
from advocacy.core.settings import Limits
from advocacy.web import limits
from advocacy.web.manifest import house

WINDOW_S = 600
_SHARE = 8
_MOST_NETWORKS = 50_000
_PLACE = "advocacy.legislators.few"


class _Few:
    """The first few look-ups of each network, counted by this process alone: most visitors ask once or twice.

    An eighth of the limit goes to the shared count at once, so a process lets through at most that much more; a small
    limit is shared look-up by look-up.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, datetime], int] = {}

    def due(self, network: str, most: int) -> int:
        """How many are to be added to the shared count now."""
        key, few = (network, limits.window_at(WINDOW_S)), max(1, most // _SHARE)
        with self._lock:
            count = self._counts.pop(key, 0) + 1
            if count >= few:
                return count
            if len(self._counts) >= _MOST_NETWORKS:
                self._counts.clear()
            self._counts[key] = count
            return 0

    def ask_again(self, network: str, most: int) -> None:
        """After a refusal each further look-up asks the shared count."""
        with self._lock:
            self._counts[network, limits.window_at(WINDOW_S)] = max(1, most // _SHARE) - 1


def count_lookup(network: str) -> None:
    """Count a look-up of a network, in a transaction of its own.

    Raises: TooMany.
    """
    most = _limits().representatives_network
    few: _Few = current_app.extensions.setdefault(_PLACE, _Few())
    due = few.due(network, most) if most else 0
    if due and not limits.take("representatives_network", network, WINDOW_S, most, times=due):
        few.ask_again(network, most)
        raise TooMany(
            _("There were many look-ups from your network. Please try again in a few minutes."),
            retry_after_s=limits.seconds_left(WINDOW_S),
        )


def may_ask_outside(campaign: str) -> bool:
    """Count a street that is to be looked up outside; a campaign that had its share goes on by ZIP code.

    A name that no campaign has counts as none: whoever makes names up gets one share.
    Needs: no open transaction.
    """
    if campaign:
        with uow.reading():
            campaign = campaign if house().is_campaign(campaign) else ""
    return limits.take("representatives_campaign", campaign, WINDOW_S, _limits().representatives_campaign)


def _limits() -> Limits:
    found: Limits = current_app.extensions["advocacy.settings"].limits
    return found
