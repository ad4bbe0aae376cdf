"""What the worker does with a broadcast: count it, begin it, queue it slice by slice, see that it is done.

Everything happens under the row's lock, and a slice's mails and the place up to which the audience was walked are one
transaction: a worker that is killed leaves either both or nothing, and two workers go one after the other (R-35).
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, select

from advocacy.audit import services as audit
from advocacy.consent.models import OptIn
from advocacy.core import clock, logs
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.mailings import audiences
from advocacy.mailings import broadcast_queries as queries
from advocacy.mailings import broadcast_rules as rules
from advocacy.mailings.audiences import Rule
from advocacy.mailings.broadcast_models import OBJECT_KIND, Broadcast, BroadcastState
from advocacy.mailings.broadcast_queries import MAIL
from advocacy.mailings.services import stepping
from advocacy.messaging.models import Mail, MailLot, MailState
from advocacy.messaging.services import bulk
from advocacy.supporters.models import Person

log = logs.get("mailings")
SLICE = 10_000
EXAMPLES = 3
OVERDUE = timedelta(minutes=1)
TALLY_EVERY = timedelta(minutes=5)
TALLY_AFTER = (timedelta(hours=1), timedelta(days=1), timedelta(days=7))
"""Bounces and farewells come in for days after the last mail left."""


def size_audience(broadcast_id: int) -> None:
    """Count whom the present rule means, and keep some of them as examples."""
    found = queries.locked(broadcast_id)
    if found is None or found.state not in rules.EDITABLE:
        return
    found.size_count, found.size_rev = _count(found), found.rev
    some = _audience(found).order_by(Person.id.desc()).limit(EXAMPLES)
    found.sample = [row.contact_id for row in db.session.execute(some)]


def find_late(broadcast_id: int) -> None:
    """Count who is in the audience now and has no mail of it."""
    found = queries.locked(broadcast_id)
    if found is None or found.state != BroadcastState.DONE:
        return
    found.late_count = _count(found, ~_has_mail(found))


def start_broadcast(broadcast_id: int) -> None:
    """Begin sending when it is time; when the audience has grown large meanwhile, a second person is asked first."""
    found = queries.locked(broadcast_id)
    if found is None or found.state != BroadcastState.SCHEDULED or found.scheduled_at is None:
        return
    now = clock.now()
    if found.scheduled_at > now:
        stepping.start_later(found)
        return
    found.size_count, found.size_rev = _count(found), found.rev
    if found.size_count >= stepping.approval_from() and found.approved_by is None:
        found.needs_approval = True
        _move(found, BroadcastState.WAITING_APPROVAL)
        return
    found.started_at = now
    _move(found, BroadcastState.SENDING)
    stepping.queue_later(found)


def queue_some(broadcast_id: int, size: int = SLICE) -> None:
    """Queue the next slice of the audience, and ask for the one behind it."""
    found = queries.locked(broadcast_id)
    if found is None or found.state != BroadcastState.SENDING or found.queued_at is not None:
        return
    ahead = _audience(found).where(Person.id > found.queued_to)
    part = ahead.order_by(Person.id).limit(size).subquery()
    count, last = db.session.execute(select(func.count(), func.max(part.c.contact_id)).select_from(part)).one()
    if count:
        bulk.queue_lot(
            kind=MAIL,
            object_kind=OBJECT_KIND,
            object_id=found.id,
            coalition_id=found.coalition_id,
            recipients=ahead.where(Person.id <= last),
        )
        found.queued_to = int(last)
    if count < size:
        found.queued_at = clock.now()
    else:
        stepping.queue_later(found)
    log.info("broadcast_slice", broadcast_id=found.id, people=count)


def is_work_due() -> bool:
    """Whether any broadcast wants to be looked at."""
    return bool(db.session.scalar(select(exists().where(_wants_a_look()))))


def look_after(limit: int = 50) -> None:
    """See what is done, what got stuck, who joined late, and what came back."""
    ids = db.session.execute(select(Broadcast.id).where(_wants_a_look()).order_by(Broadcast.id).limit(limit))
    for broadcast_id in ids.scalars().all():
        found = queries.locked(broadcast_id)
        if found is not None:
            _look_after(found)


def _look_after(found: Broadcast) -> None:
    now = clock.now()
    if found.state == BroadcastState.SCHEDULED:  # its job was lost or gave up
        stepping.start_later(found)
        return
    if found.state == BroadcastState.SENDING and found.queued_at is None:
        stepping.queue_later(found)
        return
    if found.state == BroadcastState.SENDING and bulk.lot_counts(MAIL, OBJECT_KIND, found.id).waiting == 0:
        found.ended_at = now
        is_open = found.late_until is not None and found.late_until > now
        found.late_next_at = min(now + rules.LATE_EVERY, found.late_until or now) if is_open else None
        _move(found, BroadcastState.DONE)
        _tally(found)
    elif found.late_next_at is not None and found.late_next_at <= now and found.state == BroadcastState.DONE:
        _let_late_in(found)
    elif found.tally_next_at is None or found.tally_next_at <= now:
        _tally(found)


def _let_late_in(found: Broadcast) -> None:
    """Send it to who joined since; not to so many that a second person must read it, which nobody has."""
    count = _count(found, ~_has_mail(found))
    if count >= stepping.approval_from() and found.approved_by is None:
        found.late_count, found.late_next_at = count, None
        log.warning("broadcast_late_held", broadcast_id=found.id, people=count)
        return
    stepping.walk_again(found)
    _move(found, BroadcastState.SENDING)


def _tally(found: Broadcast) -> None:
    """Note how many mails ended without being read by anybody, and why, and who left after getting one."""
    now = clock.now()
    lot = _lot(found)
    ended = (
        select(Mail.state, Mail.last_reason, func.count())
        .where(Mail.lot_id == lot, Mail.state.in_([MailState.SUPPRESSED, MailState.DEAD]))
        .group_by(Mail.state, Mail.last_reason)
    )
    found.tally = {f"{state}:{reason or ''}": count for state, reason, count in db.session.execute(ended)}
    left = (
        select(func.count())
        .select_from(Mail)
        .join(OptIn, OptIn.id == Mail.opt_in_id)
        .where(Mail.lot_id == lot, OptIn.withdrawn_at >= Mail.sent_at)
    )
    found.tally["left"] = int(db.session.execute(left).scalar_one())
    if found.ended_at is None:
        found.tally_next_at = now + TALLY_EVERY
        return
    ahead = [found.ended_at + after for after in TALLY_AFTER if found.ended_at + after > now]
    found.tally_next_at = min(ahead) if ahead else None


def _wants_a_look() -> ColumnElement[bool]:
    now = clock.now()
    return or_(
        and_(Broadcast.state == BroadcastState.SCHEDULED, Broadcast.scheduled_at < now - OVERDUE),
        Broadcast.state == BroadcastState.SENDING,
        Broadcast.late_next_at <= now,
        Broadcast.tally_next_at <= now,
    )


def _audience(found: Broadcast) -> audiences.type_people:
    return audiences.people(found.coalition_id, Rule.of_json(found.audience))


def _count(found: Broadcast, *wanted: ColumnElement[bool]) -> int:
    rows = _audience(found).where(*wanted).subquery()
    return int(db.session.execute(select(func.count()).select_from(rows)).scalar_one())


def _has_mail(found: Broadcast) -> ColumnElement[bool]:
    return select(Mail.id).where(Mail.lot_id == _lot(found), Mail.contact_id == Person.id).exists()


def _lot(found: Broadcast) -> ScalarSelect[int]:
    chosen = select(MailLot.id).where(
        MailLot.kind == MAIL, MailLot.object_kind == OBJECT_KIND, MailLot.object_id == found.id
    )
    return chosen.scalar_subquery()


def _move(found: Broadcast, state: BroadcastState) -> None:
    before = found.state
    rules.require_step(found, state)
    found.state = state
    if state == BroadcastState.SENDING:
        found.tally_next_at = clock.now() + TALLY_EVERY
    db.session.flush()
    audit.record(
        system_actor(coalition_id=found.coalition_id),
        f"broadcast.{state}",
        OBJECT_KIND,
        found.id,
        coalition_id=found.coalition_id,
        facts={"rev": found.rev, "size": found.size_count, "from": str(before)},
    )
    log.info("broadcast_step", broadcast_id=found.id, state=str(state))
