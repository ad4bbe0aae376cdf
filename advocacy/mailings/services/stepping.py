"""Take a broadcast further: schedule, approve, pause, resume, cancel, send it to who joined later."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _

from advocacy.audit import services as audit
from advocacy.core import clock, logs
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, RuleBroken
from advocacy.mailings import broadcast_queries as queries
from advocacy.mailings import broadcast_rules as rules
from advocacy.mailings.broadcast_models import OBJECT_KIND, Broadcast, BroadcastState
from advocacy.mailings.broadcast_queries import MAIL
from advocacy.mailings.services import writing
from advocacy.messaging.services import bulk
from advocacy.queue import port
from advocacy.reminders.rules import instant_of

log = logs.get("mailings")
START_JOB, QUEUE_JOB, LATE_JOB = "mailings.start_broadcast", "mailings.queue_broadcast", "mailings.find_late"
LONGEST_AHEAD = timedelta(days=366)


def approval_from() -> int:
    """From how many people on a second person must have read it."""
    found: int = current_app.extensions["advocacy.settings"].mailings.approval_from
    return found


def schedule_broadcast(actor: Actor, public_id: str, *, rev: int, local: datetime | None = None) -> Broadcast:
    """Send it at a wall time of the coalition's zone, or in a minute; a large one first waits for a second person.

    Raises: NotFound, NotAllowed, Conflict; RuleBroken for a time that is over, or while its audience is not counted.
    """
    found = queries.broadcast(actor, public_id, rules.SEND, lock=True)
    writing.require_rev(found, rev)
    if found.state != BroadcastState.DRAFT:
        raise Conflict(_("This mailing has moved on. Reload the page to see where it stands."))
    if found.size_rev != found.rev or found.size_count is None:
        writing.size_later(found)
        raise RuleBroken(_("We are still counting whom this reaches. Try again in a moment."))
    if found.size_count == 0:
        raise RuleBroken(_("Nobody is in this audience yet, so there is nothing to send."))
    _set_time(found, local)
    found.needs_approval = found.size_count >= approval_from()
    needs_somebody = found.needs_approval and found.approved_by is None
    _step(actor, found, BroadcastState.WAITING_APPROVAL if needs_somebody else BroadcastState.SCHEDULED)
    if not needs_somebody:
        start_later(found)
    return found


def unschedule_broadcast(actor: Actor, public_id: str) -> Broadcast:
    """Make it a draft again before anything left; doing it twice changes nothing.

    Raises: NotFound, NotAllowed; Conflict once sending has begun.
    """
    found = queries.broadcast(actor, public_id, rules.SEND, lock=True)
    if found.state == BroadcastState.DRAFT:
        return found
    rules.require_step(found, BroadcastState.DRAFT)
    port.cancel(db.session(), _start_key(found))
    found.scheduled_at = found.scheduled_local = None
    _step(actor, found, BroadcastState.DRAFT)
    return found


def approve_broadcast(actor: Actor, public_id: str, *, rev: int) -> Broadcast:
    """Let a large mailing go, as a second person who has read it.

    Raises: NotFound, Conflict; NotAllowed for who wrote it.
    """
    found = queries.broadcast(actor, public_id, rules.APPROVE, lock=True)
    writing.require_rev(found, rev)
    if found.state != BroadcastState.WAITING_APPROVAL:
        raise Conflict(_("Somebody has decided this already. Reload the page to see where it stands."))
    if not rules.is_second_person(actor, found):
        raise NotAllowed(_("Somebody else must read it: you wrote it, or changed it last."))
    found.approved_by, found.approved_at, found.approved_rev = actor.user_id, clock.now(), found.rev
    if found.scheduled_at is None or found.scheduled_at <= clock.now():
        _set_time(found, None)
    _step(actor, found, BroadcastState.SCHEDULED)
    start_later(found)
    return found


def pause_broadcast(actor: Actor, public_id: str) -> Broadcast:
    """Let nothing more leave until it goes on.

    Raises: NotFound, NotAllowed, Conflict.
    """
    found = queries.broadcast(actor, public_id, rules.SEND, lock=True)
    rules.require_step(found, BroadcastState.PAUSED)
    bulk.pause_lot(MAIL, OBJECT_KIND, found.id)
    _step(actor, found, BroadcastState.PAUSED)
    return found


def resume_broadcast(actor: Actor, public_id: str) -> Broadcast:
    """Go on where it was paused.

    Raises: NotFound, NotAllowed, Conflict.
    """
    found = queries.broadcast(actor, public_id, rules.SEND, lock=True)
    if found.state != BroadcastState.PAUSED:
        raise Conflict(_("This mailing has moved on. Reload the page to see where it stands."))
    bulk.resume_lot(MAIL, OBJECT_KIND, found.id)
    _step(actor, found, BroadcastState.SENDING)
    queue_later(found)
    return found


def cancel_broadcast(actor: Actor, public_id: str) -> Broadcast:
    """Send nothing more, ever; what has left cannot be called back. Doing it twice changes nothing.

    Raises: NotFound, NotAllowed, Conflict.
    """
    found = queries.broadcast(actor, public_id, rules.SEND, lock=True)
    if found.state == BroadcastState.CANCELLED:
        return found
    rules.require_step(found, BroadcastState.CANCELLED)
    port.cancel(db.session(), _start_key(found))
    bulk.cancel_lot(MAIL, OBJECT_KIND, found.id)
    found.ended_at, found.late_next_at, found.late_until = clock.now(), None, None
    _step(actor, found, BroadcastState.CANCELLED)
    return found


def look_for_late(actor: Actor, public_id: str) -> Broadcast:
    """Let the worker count who has joined the audience since it was sent.

    Raises: NotFound, NotAllowed, Conflict while it is not done.
    """
    found = queries.broadcast(actor, public_id, rules.SEND, lock=True)
    rules.require_step(found, BroadcastState.SENDING)
    found.late_count = None
    port.enqueue(db.session(), LATE_JOB, {"broadcast": found.id}, priority=30, dedupe_key=f"{LATE_JOB}:{found.id}")
    return found


def send_to_late(actor: Actor, public_id: str) -> Broadcast:
    """Send it to everybody who joined the audience since; whoever had it gets nothing.

    Raises: NotFound, NotAllowed, Conflict; RuleBroken when they are so many that a second person must read it.
    """
    found = queries.broadcast(actor, public_id, rules.SEND, lock=True)
    if found.state != BroadcastState.DONE:
        raise Conflict(_("This mailing has moved on. Reload the page to see where it stands."))
    if found.late_count is None:
        raise RuleBroken(_("First look who has joined since."))
    if found.late_count >= approval_from() and found.approved_by is None:
        raise RuleBroken(_("So many have joined that a second person must read it. Send it anew as a mailing to them."))
    walk_again(found)
    _step(actor, found, BroadcastState.SENDING)
    return found


def let_late_in(actor: Actor, public_id: str, until: datetime | None) -> Broadcast:
    """Send it also to who joins until then, once a day; ``None`` ends that.

    Raises: NotFound, NotAllowed, Conflict; RuleBroken for a day that is over or more than 90 days away.
    """
    found = queries.broadcast(actor, public_id, rules.SEND, lock=True)
    if found.state == BroadcastState.CANCELLED:
        raise Conflict(_("This mailing has moved on. Reload the page to see where it stands."))
    now = clock.now()
    if until is not None and not now < until <= now + rules.LATE_LONGEST:
        raise RuleBroken(_("Choose a day within the next 90 days."), field="until")
    found.late_until = until
    found.late_next_at = None
    if until is not None and found.state == BroadcastState.DONE:
        found.late_next_at = min(now + rules.LATE_EVERY, until)
    db.session.flush()
    _record(actor, "broadcast.late_joiners", found)
    return found


def start_later(found: Broadcast) -> None:
    """Let the worker begin at the time that stands there; an earlier wish for another time is forgotten."""
    port.cancel(db.session(), _start_key(found))
    port.enqueue(
        db.session(),
        START_JOB,
        {"broadcast": found.id},
        run_at=found.scheduled_at,
        priority=40,
        dedupe_key=_start_key(found),
    )


def queue_later(found: Broadcast) -> None:
    """Let the worker queue the next slice of the audience."""
    port.enqueue(db.session(), QUEUE_JOB, {"broadcast": found.id}, priority=60, dedupe_key=f"{QUEUE_JOB}:{found.id}")


def walk_again(found: Broadcast) -> None:
    """Begin the walk over the audience anew: whoever has a mail of it already gets no second one."""
    found.queued_to, found.queued_at, found.ended_at = 0, None, None
    found.late_count = found.late_next_at = None
    queue_later(found)


def _set_time(found: Broadcast, local: datetime | None) -> None:
    zone, now = ZoneInfo(found.tz), clock.now()
    at = now + rules.UNDO if local is None else instant_of(local, zone)
    if at <= now:
        raise RuleBroken(_("This time is over. Choose a later one."), field="day")
    if at > now + LONGEST_AHEAD:
        raise RuleBroken(_("Choose a day within the next year."), field="day")
    found.scheduled_at = at
    found.scheduled_local = local or at.astimezone(zone).replace(tzinfo=None)


def _start_key(found: Broadcast) -> str:
    return f"{START_JOB}:{found.id}"


def _step(actor: Actor, found: Broadcast, state: BroadcastState) -> None:
    before = BroadcastState(found.state)
    rules.require_step(found, state)
    found.state = state
    db.session.flush()
    _record(actor, f"broadcast.{state}", found, before)
    log.info("broadcast_step", broadcast_id=found.id, state=str(state))


def _record(actor: Actor, action: str, found: Broadcast, before: BroadcastState | None = None) -> None:
    facts = {"rev": found.rev, "size": found.size_count, "from": str(before or found.state)}
    audit.record(actor, action, OBJECT_KIND, found.id, coalition_id=found.coalition_id, facts=facts)
