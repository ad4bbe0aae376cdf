"""Begin and end to ask a source about a bill; ask now."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _

from advocacy.audit import services as audit
from advocacy.campaigns.models import Bill
from advocacy.campaigns.queries import bills
from advocacy.campaigns.queries.campaigns import MANAGE, today
from advocacy.campaigns.rules import normal_identifier
from advocacy.campaigns.services import tracking as following
from advocacy.civic.places import ALL_BY_CODE
from advocacy.civic.services import legislatures
from advocacy.civic.services.sources import configured
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.queue import port
from advocacy.tracking import queries
from advocacy.tracking.models import Poll, Watch, What
from advocacy.tracking.services import noting

POLL_JOB, FETCH_JOB = "tracking.poll", "tracking.fetch_bill"
BEFORE = timedelta(days=1)
"""How far back the first round of a list reads."""
BETWEEN = timedelta(minutes=5)
"""Who asks for a look again sooner gets the last one."""


def track_bill(actor: Actor, bill_id: str, *, code: str, session: str, identifier: str) -> Watch:
    """Ask for a bill from now on, at the source that knows this legislature.

    Raises: NotAllowed, NotFound, RuleBroken naming the field.
    """
    found = bills.bill(actor, bill_id, MANAGE, lock=True)
    code, norm = code.lower(), normal_identifier(identifier)
    if code != legislatures.CONGRESS and code.upper() not in ALL_BY_CODE:
        raise RuleBroken(_("Choose a state from the list."), field="code")
    if norm is None:
        raise RuleBroken(_("Give the number of the bill, such as HB 2002."), field="identifier")
    if not session:
        raise RuleBroken(_("Name the session as the source names it, such as 2025-2026."), field="session")
    now = clock.now()
    held = queries.watch(found.id)
    if held is None:
        held = Watch(bill_id=found.id, coalition_id=found.coalition_id)
        db.session.add(held)
    held.source, held.jurisdiction = legislatures.source_for(code), code
    held.session, held.identifier, held.identifier_norm = session, identifier, norm
    held.upstream_key, held.started_at, held.checked_at, held.last_code = None, now, None, ""
    db.session.flush()
    for what in What:
        if db.session.get(Poll, (held.source, code, what)) is None:
            db.session.add(Poll(source=held.source, jurisdiction=code, what=what, seen_until=now - BEFORE, next_at=now))
    db.session.flush()
    _fetch(held)
    _record(actor, "bill.tracked", found, source=held.source)
    return held


def follow_bill(actor: Actor, *, code: str, session: str, identifier: str, title: str, url: str) -> Bill:
    """Follow a bill that was found at its source, and track it.

    Raises: NotAllowed, NotFound, Conflict, RuleBroken naming the field.
    """
    if actor.coalition_id is None:
        raise NotFound
    place = dict(legislatures.codes()).get(code)
    if place is None:
        raise RuleBroken(_("Choose a state from the list."), field="code")
    source = legislatures.source_for(code)
    known = configured().get(source)
    said = following.BillWords(
        jurisdiction=place,
        session=session,
        identifier=identifier,
        title=title,
        source_name=known.title if known else source,
        source_url=url,
        checked_on=today(actor.coalition_id),
    )
    made = following.add_bill(actor, actor.coalition_id, said)
    track_bill(actor, made.public_id, code=code, session=session, identifier=identifier)
    return made


def untrack_bill(actor: Actor, bill_id: str) -> None:
    """Ask for a bill no longer; what waits about it is put aside, what was accepted stays.

    Raises: NotAllowed, NotFound.
    """
    found = bills.bill(actor, bill_id, MANAGE, lock=True)
    held = queries.watch(found.id)
    if held is not None:
        db.session.delete(held)
        noting.overtake(found.id)
        db.session.flush()
        _record(actor, "bill.untracked", found)


def check_now(actor: Actor, bill_id: str) -> bool:
    """Let the worker look at the source as soon as it may; ``False`` when somebody looked a moment ago.

    Raises: NotAllowed, NotFound.
    """
    found = bills.bill(actor, bill_id, MANAGE)
    held = queries.watch(found.id)
    if held is None or not legislatures.may_ask(held.source, held.jurisdiction):
        return False
    if held.upstream_key is None:
        _fetch(held)
    asked = False
    for poll in queries.polls_of(held.source, held.jurisdiction):
        if poll.checked_at is None or poll.checked_at + BETWEEN <= clock.now():
            ask_for(poll, priority=30)
            asked = True
    return asked or held.upstream_key is None


def ask_for(poll: Poll, priority: int = 60) -> None:
    """Let the worker read a list; one at a time for each list."""
    name = f"poll:{poll.source}:{poll.jurisdiction}:{poll.what}"
    args = {"source": poll.source, "jurisdiction": poll.jurisdiction, "what": poll.what}
    port.enqueue(db.session(), POLL_JOB, args, priority=priority, lock=name, dedupe_key=name)


def _fetch(watch: Watch) -> None:
    lock = f"poll:{watch.source}:{watch.jurisdiction}:{What.BILLS}"
    args = {"bill": watch.bill_id}
    key = f"fetch-bill:{watch.bill_id}"
    port.enqueue(db.session(), FETCH_JOB, args, priority=40, lock=lock, dedupe_key=key)


def _record(actor: Actor, what: str, bill: Bill, **facts: str) -> None:
    audit.record(actor, what, "bill", bill.id, coalition_id=bill.coalition_id, facts=facts)
