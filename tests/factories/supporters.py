"""People whom a coalition may write to."""

from __future__ import annotations

from itertools import count

from advocacy.consent import services as consent
from advocacy.consent.models import Purpose
from advocacy.core import uow
from advocacy.core.actor import system_actor
from advocacy.supporters import services as supporters

_number = count(1)


def make_supporter(
    coalition_id: int,
    name: str = "Zoë Ndiaye",
    email: str = "",
    *,
    purpose: Purpose | None = Purpose.CAMPAIGN_NEWS,
    locale: str = "en",
) -> int:
    """Somebody who gave leave for a purpose, or for nothing; committed."""
    with uow.unit():
        return add_supporter(coalition_id, name, email, purpose=purpose, locale=locale)


def add_supporter(coalition_id: int, name: str, email: str = "", *, purpose: Purpose | None, locale: str = "en") -> int:
    """The same within a begun unit, for many at once."""
    actor = system_actor(coalition_id=coalition_id)
    address = email or f"friend{next(_number)}@example.org"
    person_id = supporters.person_for_email(actor, coalition_id, name, address, locale)
    if purpose is not None:
        consent.opt_in(actor, coalition_id, person_id, purpose, proof={"kind": "test"}, locale=locale)
    return person_id


def take_leave_back(coalition_id: int, person_id: int, purpose: Purpose = Purpose.CAMPAIGN_NEWS) -> None:
    """The person wants no more mail for the purpose; committed."""
    with uow.unit():
        consent.withdraw_opt_in(system_actor(coalition_id=coalition_id), coalition_id, person_id, purpose)
