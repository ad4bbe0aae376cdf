"""What consent contributes to the house."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from advocacy.consent import asking, choosing, services, views
from advocacy.web.manifest import Manifest, Retention, SendCheck

MANIFEST = Manifest(
    name="consent",
    blueprints=[views.bp],
    send_checks=[
        SendCheck("opt_in", choosing.reason_not_to, choosing.reasons_not_to),
        SendCheck("ask_budget", asking.reason_not_to),
    ],
    retention=[
        Retention(
            "consent.asks",
            timedelta(days=90),
            asking.purge,
            _l("That an organization asked somebody to act, once it no longer counts"),
        )
    ],
)

__all__ = ["MANIFEST", "services"]
