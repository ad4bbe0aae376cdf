"""How often somebody may look up: a free geocoder for everybody would soon be one for nobody."""

from __future__ import annotations

from flask import current_app
from flask_babel import gettext as _

from advocacy.core.errors import TooMany
from advocacy.core.settings import Limits
from advocacy.web import limits

WINDOW_S = 600


def count_lookup(network: str) -> None:
    """Count a look-up of a network, in a transaction of its own.

    Raises: TooMany.
    """
    if not limits.take("representatives_network", network, WINDOW_S, _limits().representatives_network):
        raise TooMany(
            _("There were many look-ups from your network. Please try again in a few minutes."),
            retry_after_s=limits.seconds_left(WINDOW_S),
        )


def may_ask_outside(campaign: str) -> bool:
    """Count a street that is to be looked up outside; a campaign that had its share goes on by ZIP code."""
    return limits.take("representatives_campaign", campaign, WINDOW_S, _limits().representatives_campaign)


def _limits() -> Limits:
    found: Limits = current_app.extensions["advocacy.settings"].limits
    return found
