"""The demo's tracked bill: what a source would say of it, some of it accepted, some waiting."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from advocacy.campaigns.models import Bill
from advocacy.campaigns.queries.campaigns import today, zone
from advocacy.civic.adapters.ports import FoundAction, FoundBill, FoundEvent
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.demo import campaign_words as words
from advocacy.tracking.models import Change, ChangeState, Watch
from advocacy.tracking.services import hearing_news, noting, settling, watching

SOURCE = "Open States (made up)"
_EVENT = "demo-hearing"


def begin(actor: Actor, coalition_id: int) -> None:
    """Track the demo's bill; a step and a change of room wait, a hearing has moved once."""
    identifier = words.BILL[0]
    bill = db.session.execute(select(Bill).where(Bill.coalition_id == coalition_id)).scalars().one()
    watch = watching.track_bill(actor, bill.public_id, code="zz", session=bill.session, identifier=identifier)
    now = today(coalition_id)
    for days, at, place in words.HEARING_SAID[:-1]:
        _hear(watch, _event(bill, coalition_id, now + timedelta(days=days), at, place))
        _accept(actor, coalition_id)
    days, at, place = words.HEARING_SAID[-1]
    _hear(watch, _event(bill, coalition_id, now + timedelta(days=days), at, place))
    steps = tuple(
        FoundAction("", (now - timedelta(days=ago)).isoformat(), what, (kind,), words.CHAMBER)
        for ago, what, kind in words.STEPS_SAID
    )
    found = FoundBill("demo-bill", "zz", bill.session, identifier, bill.title, actions=steps)
    noting.note_bill(watch, found, SOURCE)
    db.session.flush()


def _event(bill: Bill, coalition_id: int, on: date, at: str, place: str) -> FoundEvent:
    local = datetime.combine(on, time.fromisoformat(at), ZoneInfo(str(zone(coalition_id))))
    return FoundEvent(
        key=_EVENT,
        name=words.HEARING,
        starts=local.astimezone(UTC).isoformat(),
        status="confirmed",
        place=place,
        committees=(words.TARGETS[0][1],),
        bills=(("", bill.identifier),),
    )


def _hear(watch: Watch, event: FoundEvent) -> None:
    hearing_news.note_events(watch.source, [watch], [event], SOURCE)


def _accept(actor: Actor, coalition_id: int) -> None:
    waiting = select(Change).where(Change.coalition_id == coalition_id, Change.state == ChangeState.OPEN)
    for change in db.session.execute(waiting).scalars().all():
        settling.accept_change(actor, change.public_id, version=change.version)
