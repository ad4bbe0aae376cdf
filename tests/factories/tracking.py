"""Bills that are tracked, what waits about them, and hearings, for tests."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from sqlalchemy import select

from advocacy.campaigns.models import Bill
from advocacy.core import uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.hearings.models import Hearing
from advocacy.hearings.services import placing
from advocacy.hearings.services.placing import HearingFacts
from advocacy.tracking import queries
from advocacy.tracking.models import Change, ChangeKind
from advocacy.tracking.services import noting, watching
from advocacy.tracking.services.noting import Said
from tests.factories import campaigns


def track(coalition_id: int, identifier: str = "HF 105", **words: Any) -> Bill:
    """A bill of Minnesota that is tracked, committed."""
    given = {"jurisdiction": "Minnesota", "session": "2025-2026"} | words
    bill = campaigns.make_bill(coalition_id, identifier, **given)
    with uow.unit():
        actor = system_actor(coalition_id=coalition_id)
        watching.track_bill(actor, bill.public_id, code="mn", session="2025-2026", identifier=identifier)
    return bill


def waiting(coalition_id: int) -> list[Change]:
    """What waits, the first found first."""
    db.session.rollback()
    with uow.reading():
        rows = list(db.session.execute(select(Change).where(Change.coalition_id == coalition_id)).scalars())
        db.session.expunge_all()
    return sorted((row for row in rows if row.state == "open"), key=lambda row: row.id)


def make_change(bill: Bill, what: str = "Referred to committee", kind: ChangeKind = ChangeKind.STEP) -> Change:
    """A step that waits about a tracked bill."""
    with uow.unit():
        watch = queries.watch(bill.id)
        assert watch is not None
        facts = {"on": "2026-03-04", "what": what, "status": "", "body": "House"}
        noting.suggest(watch, [Said(kind, f"{bill.id}:{what}"[:64], facts)], "Open States")
    return next(row for row in waiting(bill.coalition_id) if row.facts["what"] == what)


def make_hearing(coalition_id: int, bill_id: int | None = None, **words: Any) -> Hearing:
    """A hearing, committed."""
    given: dict[str, Any] = {
        "title": "Hearing on beds",
        "held_on": date(2027, 3, 12),
        "local_time": time(15, 0),
        "tz": "America/Los_Angeles",
        "source_name": "Clerk's office",
        "committee": "Health",
        "place": "Room F",
    }
    with uow.unit():
        actor = system_actor(coalition_id=coalition_id)
        bills = [bill_id] if bill_id is not None else []
        made = placing.add_hearing(actor, coalition_id, HearingFacts(**(given | words)), bills)
        hearing_id = made.id
    return campaigns.detached(Hearing, hearing_id)
