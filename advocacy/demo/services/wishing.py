"""How people of the demo wish to be written to, and addresses that get no mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time

from advocacy.coalitions.models import RoleName
from advocacy.core.actor import Actor
from advocacy.messaging import preferences
from advocacy.messaging.preference_models import Digest, PersonKind
from advocacy.messaging.preferences import Preference
from advocacy.messaging.services import suppressing
from advocacy.messaging.suppression_models import Reason

_GONE = ("moved.away@riverbend.example", Reason.HARD_BOUNCE), ("not.for.me@riverbend.example", Reason.COMPLAINT)


def begin(actor: Actor, coalition_id: int, users: Mapping[str, int]) -> None:
    """A volunteer wants one quiet mail a day; one mailbox is gone, and somebody complained."""
    quiet = replace(Preference(tz=""), quiet_from=time(20), digest=Digest.DAILY, digest_at=time(7, 30))
    preferences.choose(actor, PersonKind.ACCOUNT, users[RoleName.VOLUNTEER], quiet)
    for address, reason in _GONE:
        suppressing.suppress(address, reason, coalition_id=coalition_id)
