"""Read what changed at a source since the last look: prepare, ask without a transaction, settle.

A round that stops in the middle (a limit, a fault, a dry budget) keeps what it read, and the next one goes on there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from advocacy.civic.adapters.ports import FoundBill, FoundEvent, NoSuchThing, SourceError, Spot
from advocacy.civic.services import circuits, legislatures
from advocacy.civic.services.legislatures import Upstream
from advocacy.civic.services.sources import configured
from advocacy.core import clock, logs
from advocacy.core.db import db
from advocacy.core.http_client import Budget
from advocacy.tracking import queries, rules
from advocacy.tracking.models import Poll, Watch, What
from advocacy.tracking.services import hearing_news, noting, watching

log = logs.get("tracking")
ROUND_S = 60.0
"""A round may take so long; the lease of its job is twice that."""
LOOKED_UP, LEFT_OVER = 5, 2
"""Hearings that are looked up one by one when no list names them any more: after the lists, and before them those that
the round before had no calls left for."""
_STOPS = rules.WAITS | {"timeout"}
"""Failures after which the next question would fail too."""
DAYS_BACK = timedelta(days=2)
_MICROS, _SECONDS = "%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Round:
    """What is asked, and for whom something of it matters.

    ``hearings`` are all that stand on calendars, ``unseen`` those that this round did not meet yet, ``left`` those that
    the whole round before did not meet: each with the one first that was not looked at for longest.
    """

    source: str
    code: str
    what: What
    since: datetime
    began_at: datetime
    keys: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    hearings: frozenset[str] = frozenset()
    unseen: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    spot: tuple[bool, int] = (False, 1)


@dataclass
class Answer:
    """What came: items that matter, how far was read, and why it ended (empty: all was read).

    ``spot`` is the page of hearings that could not be read, of lists that began to be read at ``began_at``.
    """

    bills: list[FoundBill] = field(default_factory=list)
    events: list[FoundEvent] = field(default_factory=list)
    seen_until: datetime | None = None
    began_at: datetime | None = None
    spot: tuple[bool, int] = (False, 1)
    code: str = ""


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
    asked = Round(
        source,
        code,
        what,
        poll.cut_at or min(poll.seen_until, now) - rules.OVERLAP,
        now,
        frozenset(watch.upstream_key for watch in watches if watch.upstream_key),
        frozenset(watch.identifier_norm for watch in watches),
    )
    return _with_hearings(asked, poll) if what is What.EVENTS else asked


def _with_hearings(asked: Round, poll: Poll) -> Round:
    prefix = hearing_news.key_of(asked.source, "")
    checked = queries.hearings_checked(asked.source, asked.code, asked.began_at - DAYS_BACK)
    keys = {key.removeprefix(prefix): at for key, at in checked.items()}
    began_at = min(poll.cut_at or asked.began_at, asked.began_at)
    is_cut = poll.cut_at is not None
    return replace(
        asked,
        began_at=began_at,
        hearings=frozenset(keys),
        unseen=tuple(key for key, at in keys.items() if not is_cut or at < began_at),
        left=tuple(key for key, at in keys.items() if not is_cut and at < poll.seen_until)[:LEFT_OVER],
        spot=(poll.cut_deleted, poll.cut_page) if is_cut else (False, 1),
    )


def perform(asked: Round) -> Answer:
    """Ask the source, page by page, until the end, a fault or a limit."""
    answer = Answer(began_at=asked.began_at, spot=asked.spot)
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
        _look_up(upstream, asked.left, answer)
    spot = Spot(*asked.spot)
    try:
        for event in upstream.events_after(asked.code, after, spot):
            if event.key in asked.hearings or rules.names_bill(event, asked.keys, asked.numbers):
                answer.events.append(event)
    finally:
        answer.spot = (spot.is_deleted, spot.page)
    if not upstream.is_congress:
        met = {event.key for event in answer.events}
        _look_up(upstream, [key for key in asked.unseen if key not in met][:LOOKED_UP], answer)
    answer.seen_until = asked.began_at


_GONE = FoundEvent(key="", name="", starts="", status="cancelled", is_deleted=True)


def _look_up(upstream: Upstream, keys: Sequence[str], answer: Answer) -> None:
    """Ask for hearings one by one; whichever has no turn now is first in the round after."""
    for key in keys:
        try:
            answer.events.append(upstream.event(key))
        except NoSuchThing:
            answer.events.append(replace(_GONE, key=key))
        except SourceError as error:
            log.info("look_up_failed", source=upstream.source.name, code=error.code)
            if error.code in _STOPS:
                return


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
    rounds = [str(one) for place in queries.places() if place[0] == source for one in What]
    interval = rules.interval(str(what), rounds, circuits.polls_a_day(known))
    if answer.code:
        pause = rules.pause(answer.code)
        if what is What.BILLS and seen is not None:
            poll.cut_at = seen
        if what is What.EVENTS and _keep_spot(poll, answer, now) and answer.code == "budget":
            pause = interval  # a long list is read in parts: going on at once would spend the calls of the whole day
        poll.next_at = max(now + pause, circuits.not_before(known, legislatures.route_of(source, what)))
        return
    was = min(poll.seen_until, now)  # a clock that was ahead and went back
    poll.seen_until, poll.checked_at = max(seen or was, was), now
    poll.cut_at, poll.cut_deleted, poll.cut_page = None, False, 1
    poll.next_at = now + interval
    if what is What.BILLS:
        noting.note_check([watch for watch in watches if watch.upstream_key], now)


def _keep_spot(poll: Poll, answer: Answer, now: datetime) -> bool:
    """Keep where a list of hearings was left; whether this round came further than the one before.

    A page that fails twice is not waited for: what comes before it is read again.
    """
    if answer.spot != (poll.cut_deleted, poll.cut_page):
        poll.cut_at = poll.cut_at or answer.began_at or now
        poll.cut_deleted, poll.cut_page = answer.spot
        return True
    if answer.code not in rules.WAITS:
        poll.cut_at, poll.cut_deleted, poll.cut_page = None, False, 1
    return False


def _note_bills(watches: Sequence[Watch], found: Sequence[FoundBill], title: str) -> None:
    for bill in found:
        number = rules.number_of(bill.identifier)
        for watch in watches:
            is_it = watch.upstream_key == bill.key
            is_by_number = watch.upstream_key is None and watch.identifier_norm == number
            if is_it or (is_by_number and watch.session in {"", bill.session}):
                noting.note_bill(watch, bill, title)
