"""Many signatures at once, for tests of lists, exports and deliveries."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.petitions.models import Petition
from advocacy.petitions.services import importing, tallying

_number = count(1)


def given(name: str = "Zoë Ndiaye", **facts: object) -> importing.GivenSignature:
    """A verified signature of somebody new."""
    now = clock.now()
    return importing.GivenSignature(
        **{
            "name": name,
            "email": f"bulk{next(_number)}@example.org",
            "postal_code": "97201",
            "created_at": now,
            "verified_at": now,
            **facts,
        }
    )


def add_signatures(petition: Petition, rows: Iterable[importing.GivenSignature]) -> None:
    """Store them, committed and counted."""
    with uow.unit():
        importing.add_signatures(system_actor(), db.session.get_one(Petition, petition.id), rows)
        while tallying.take_in_deltas():
            pass
