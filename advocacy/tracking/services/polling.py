"""Read what changed at a source since the last look: prepare, ask without a transaction, settle.

A round that stops in the middle (a limit, a fault, a dry budget) keeps what it read, and the next one goes on there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from advocacy.campaigns.queries.campaigns import today
from advocacy.campaigns.services import tracking as bill_tracking
from advocacy.civic.adapters.ports import FoundBill, FoundEvent, NoSuchThing, SourceError
from advocacy.civic.services import circuits, legislatures
from advocacy.civic.services.legislatures import Upstream
from advocacy.civic.services.sources import configured
from advocacy.core import clock, logs
from advocacy.core.db import db
from advocacy.core.http_client import Budget
from advocacy.core.jobs_spec import RetryLater
from advocacy.tracking import queries, rules
from advocacy.tracking.models import Poll, Watch, What
from advocacy.tracking.services import hearing_news, noting, watching

log = logs.get("tracking")
ROUND_S = 60.0
"""A round may take so long; the lease of its job is twice that."""
LOOKED_UP = 5
"""Hearings that are looked up one by one in a round, when no list names them any more."""
DAYS_BACK = timedelta(days=2)
_MICROS, _SECONDS = "%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Round:
    """What is asked, and for whom something of it matters."""

    source: str
    code: str
    what: What
    since: datetime
    began_at: datetime
    keys: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    hearings: frozenset[str] = frozenset()


@dataclass
class Answer:
    """What came: items that matter, how far was read, and why it ended (empty: all was read)."""

    bills: list[FoundBill] = field(default_factory=list)
    events: list[FoundEvent] = field(default_factory=list)
    seen_until: datetime | None = None
    code: str = ""


# --- rounds -----------------------------------------------------------------------------------------------------------


def ask_due() -> None:
    """Ask for every list whose time has come.

    Needs: a writing unit.
    """
    for poll in _due():
        watching.ask_for(poll)


def is_any_due() -> bool:
    """Whether a list waits to be read."""
    return bool(_due())


def _due() -> list[Poll]:
    now = clock.now()
    places = [place for place in queries.places() if legislatures.may_ask(*place)]
    polls = [poll for place in places for poll in queries.polls_of(*place)]
    # A clock that was ahead and went back must not silence a list for long.
    return [poll for poll in polls if poll.next_at <= now or poll.next_at > now + rules.LONGEST]


def prepare(args: Mapping[str, Any]) -> Round | None:
    """What to ask; ``None`` when nobody tracks a bill there any more, or the source is put away."""
    source, code, what = args["source"], args["jurisdiction"], What(args["what"])
    poll = db.session.get(Poll, (source, code, what))
    watches = queries.watches(source, code)
    if poll is None or not watches or not legislatures.may_ask(source, code):
        return None
    now = clock.now()
    since = poll.cut_at or min(poll.seen_until, now) - rules.OVERLAP
    hearings = queries.hearing_keys(source, code, now - DAYS_BACK) if what is What.EVENTS else set()
    prefix = hearing_news.key_of(source, "")
    return Round(
        source,
        code,
        what,
        since,
        now,
        frozenset(watch.upstream_key for watch in watches if watch.upstream_key),
        frozenset(watch.identifier_norm for watch in watches),
        frozenset(key.removeprefix(prefix) for key in hearings),
    )


def perform(asked: Round) -> Answer:
    """Ask the source, page by page, until the end, a fault or a limit."""
    answer = Answer()
    try:
        upstream = legislatures.of(asked.source, Budget(ROUND_S), for_people=False)
        if asked.what is What.BILLS:
            _read_bills(upstream, asked, answer)
        else:
            _read_events(upstream, asked, answer)
    except SourceError as error:
        answer.code = error.code
        log.info("round_cut", source=asked.source, place=asked.code, what=str(asked.what), code=error.code)
    return answer


def _read_bills(upstream: Upstream, asked: Round, answer: Answer) -> None:
    form = _SECONDS if upstream.is_congress else _MICROS
    for bill in upstream.bills_since(asked.code, asked.since.strftime(form)):
        if bill.key in asked.keys or rules.number_of(bill.identifier) in asked.numbers:
            # The list of Congress has the last step only.
            full = upstream.bill(asked.code, bill.session, bill.identifier) if upstream.is_congress else bill
            answer.bills.append(full)
        at = rules.instant_of(bill.updated_at)
        if at is not None:
            answer.seen_until = max(at, answer.seen_until or at)


def _read_events(upstream: Upstream, asked: Round, answer: Answer) -> None:
    if upstream.is_congress:
        after = (asked.since - timedelta(days=1)).strftime(_SECONDS)
    else:
        # Compared as text with what may be a day alone: a day without a time comes before both.
        after = (asked.began_at - DAYS_BACK).date().isoformat()
    missing = set(asked.hearings)
    for event in upstream.events_after(asked.code, after):
        missing.discard(event.key)
        if event.key in asked.hearings or rules.names_bill(event, asked.keys, asked.numbers):
            answer.events.append(event)
    if not upstream.is_congress:
        for key in sorted(missing)[:LOOKED_UP]:
            try:
                answer.events.append(upstream.event(key))
            except NoSuchThing:
                answer.events.append(replace(_GONE, key=key))
    answer.seen_until = asked.began_at


_GONE = FoundEvent(key="", name="", starts="", status="cancelled", is_deleted=True)


def settle(args: Mapping[str, Any], answer: Answer) -> None:
    """Put changes before organizers, and note how far was read and when to go on.

    Needs: a writing unit.
    """
    source, code, what = args["source"], args["jurisdiction"], What(args["what"])
    poll = db.session.get(Poll, (source, code, what), with_for_update=True)
    known = configured().get(source)
    if poll is None or known is None:
        return
    watches = queries.watches(source, code)
    if what is What.BILLS:
        _note_bills(watches, answer.bills, known.title)
    else:
        hearing_news.note_events(source, watches, answer.events, known.title)
    now, poll.last_code = clock.now(), answer.code
    seen = min(answer.seen_until, now + rules.OVERLAP) if answer.seen_until else None
    if answer.code:
        if what is What.BILLS and seen is not None:
            poll.cut_at = seen
        poll.next_at = max(
            now + rules.pause(answer.code), circuits.not_before(known, legislatures.route_of(source, what))
        )
        return
    was = min(poll.seen_until, now)  # a clock that was ahead and went back
    poll.seen_until, poll.cut_at, poll.checked_at = max(seen or was, was), None, now
    rounds = [str(one) for place in queries.places() if place[0] == source for one in What]
    poll.next_at = now + rules.interval(str(what), rounds, circuits.polls_a_day(known))
    if what is What.BILLS:
        _note_check([watch for watch in watches if watch.upstream_key], now)


def _note_bills(watches: Sequence[Watch], found: Sequence[FoundBill], title: str) -> None:
    for bill in found:
        number = rules.number_of(bill.identifier)
        for watch in watches:
            is_it = watch.upstream_key == bill.key
            is_by_number = watch.upstream_key is None and watch.identifier_norm == number
            if is_it or (is_by_number and watch.session in {"", bill.session}):
                noting.note_bill(watch, bill, title)


def _note_check(watches: list[Watch], now: datetime) -> None:
    by_coalition: dict[int, list[int]] = {}
    for watch in watches:
        watch.checked_at = now
        by_coalition.setdefault(watch.coalition_id, []).append(watch.bill_id)
    db.session.flush()
    for coalition_id, ids in by_coalition.items():
        bill_tracking.note_check(ids, today(coalition_id, now))


# --- one bill, when somebody begins to track it -----------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """A bill that is looked up once."""

    source: str
    code: str
    session: str
    identifier: str


@dataclass(frozen=True)
class One:
    """What came of it."""

    bill: FoundBill | None = None
    code: str = ""


def prepare_one(args: Mapping[str, Any]) -> Wanted | None:
    """Which bill; ``None`` when it is not tracked any more."""
    watch = queries.watch(args["bill"])
    if watch is None or watch.upstream_key is not None:
        return None
    if not legislatures.may_ask(watch.source, watch.jurisdiction):
        watch.last_code = "no_source"
        return None
    return Wanted(watch.source, watch.jurisdiction, watch.session, watch.identifier)


def perform_one(wanted: Wanted) -> One:
    """Look one bill up."""
    try:
        upstream = legislatures.of(wanted.source, Budget(ROUND_S), for_people=False)
        return One(upstream.bill(wanted.code, wanted.session, wanted.identifier))
    except SourceError as error:
        return One(code=error.code)


def settle_one(args: Mapping[str, Any], found: One) -> None:
    """Suggest everything that the source knows of it.

    Raises: RetryLater where the source could not be asked.
    Needs: a writing unit.
    """
    watch = queries.watch(args["bill"])
    known = configured().get(watch.source) if watch is not None else None
    if watch is None or known is None:
        return
    if found.bill is not None and rules.number_of(found.bill.identifier) == watch.identifier_norm:
        noting.note_bill(watch, found.bill, known.title)
        _note_check([watch], clock.now())
        return
    watch.last_code = found.code
    if found.code not in {"not_found", "refused"}:
        opens = circuits.not_before(known, legislatures.route_of(known.name, What.BILLS))
        raise RetryLater(max(rules.pause(found.code), opens - clock.now()), found.code)
