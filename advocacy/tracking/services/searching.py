"""Look for a bill at the source by its number or by words, while somebody waits."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from advocacy.campaigns.queries.campaigns import MANAGE
from advocacy.civic.adapters.ports import FoundBill, NoSuchThing, SourceError
from advocacy.civic.services import answer_cache, legislatures
from advocacy.coalitions import rules as roles
from advocacy.core import clock, uow
from advocacy.core.actor import Actor
from advocacy.core.errors import TooMany
from advocacy.core.http_client import Budget
from advocacy.tracking import rules
from advocacy.web import limits

WAIT_S = 6.5
OLD = timedelta(days=1)
"""So long an answer stands in while its source does not answer."""
_KIND = "bills"


@dataclass(frozen=True)
class Hit:
    """A bill that was found."""

    session: str
    identifier: str
    title: str
    url: str
    latest: str


@dataclass(frozen=True)
class Search:
    """What was found, when the source said so, or why it did not answer."""

    hits: tuple[Hit, ...] = ()
    at: datetime | None = None
    code: str = ""


def search_bills(actor: Actor, code: str, words: str) -> Search:
    """Bills of a legislature.

    Raises: NotAllowed; TooMany, where the source would have to be asked once more.
    Needs: no open transaction.
    """
    roles.require(actor, MANAGE, actor.coalition_id)
    source = legislatures.source_for(code)
    with uow.reading():
        key = answer_cache.key_of(_KIND, source, code, " ".join(words.lower().split()))
    with answer_cache.flights.one_by_one(key, WAIT_S) as has_turn:
        with uow.reading():
            kept = answer_cache.find(key)
        if kept is not None and kept.is_fresh:
            return _kept(kept)
        failure = "busy"
        if has_turn:
            _count(actor)
            try:
                hits = _ask(source, code, words)
            except SourceError as error:
                failure = error.code
            else:
                with uow.unit():
                    answer_cache.store(_KIND, key, {"hits": [asdict(hit) for hit in hits]}, rules.FRESH["bills"])
                return Search(hits, clock.now())
    if kept is not None and kept.stored_at + OLD > clock.now():
        return _kept(kept, failure)
    return Search(code=failure)


def _count(actor: Actor) -> None:
    """Count a question to a source: all accounts share its calls of a day.

    Raises: TooMany.
    """
    most: int = current_app.extensions["advocacy.settings"].limits.bill_search_user
    if not limits.take("bill_search_user", str(actor.user_id), limits.DAY_S, most):
        raise TooMany(
            _("That were many searches in a day. Please go on tomorrow, or add the bill by hand."),
            retry_after_s=limits.seconds_left(limits.DAY_S),
        )


def _ask(source: str, code: str, words: str) -> tuple[Hit, ...]:
    upstream = legislatures.of(source, Budget(WAIT_S), for_people=True)
    try:
        found = upstream.search(code, words)
    except NoSuchThing:
        found = []
    return tuple(_hit(bill) for bill in found)


def _hit(bill: FoundBill) -> Hit:
    latest = " ".join(part for part in (bill.latest_action_on[:10], bill.latest_action) if part)
    return Hit(bill.session[:60], bill.identifier[:40], bill.title[:300], bill.url, latest[:300])


def _kept(kept: answer_cache.Cached, code: str = "") -> Search:
    found: list[dict[str, Any]] = kept.value["hits"]
    return Search(tuple(Hit(**one) for one in found), kept.stored_at, code)
