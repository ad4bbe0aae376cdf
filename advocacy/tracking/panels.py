"""What tracking puts on a bill's page and on the start page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from advocacy.campaigns.queries.campaigns import MANAGE, VIEW, zone
from advocacy.civic.services import legislatures, source_health
from advocacy.coalitions import rules as roles
from advocacy.core.actor import Actor
from advocacy.tracking import queries, words
from advocacy.tracking.services.settling import TOGETHER
from advocacy.web.manifest import Panel
from advocacy.web.templating import part

SHOWN = 5


def _of_bill(actor: Actor, given: Mapping[str, Any]) -> Markup | None:
    """Whether a bill is tracked, when it was and will be looked at, and what waits."""
    bill = given["bill"]
    may_manage = roles.can(actor, MANAGE)
    watch = queries.watch(bill.id)
    if watch is None:
        return part("tracking/_offer.html", bill=bill) if may_manage else None
    waiting = queries.changes_of(bill)
    polls = queries.polls_of(watch.source, watch.jurisdiction)
    may_ask = legislatures.may_ask(watch.source, watch.jurisdiction)
    line = next((line for line in source_health.lines() if may_ask and line.name == watch.source), None)
    is_new = watch.upstream_key is None
    return part(
        "tracking/_state.html",
        bill=bill,
        watch=watch,
        polls={poll.what: poll for poll in polls},
        line=line,
        zone=str(zone(bill.coalition_id)),
        trouble=words.code(watch.last_code) if is_new and watch.last_code else _trouble(polls),
        waiting=waiting[:SHOWN],
        is_more=len(waiting) > SHOWN,
        can_accept_all=any(change.kind in TOGETHER for change in waiting),
        kind_words=words.KINDS,
        may_manage=may_manage,
        window_words=source_health.WINDOWS,
    )


def _trouble(polls: Any) -> str:  # noqa: ANN401 - any sequence of polls
    failed = next((poll.last_code for poll in polls if poll.last_code), "")
    return words.code(failed) if failed else ""


def _waiting(actor: Actor, given: Mapping[str, Any]) -> Markup | None:
    """Changes that wait for somebody, hearings among them first."""
    del given
    if actor.coalition_id is None or not roles.can(actor, VIEW) or not roles.can(actor, MANAGE):
        return None
    page = queries.urgent_changes(actor, SHOWN)
    if not page.rows:
        return None
    found = queries.bills_by_id(actor.coalition_id, {row.bill_id for row in page.rows})
    return part(
        "tracking/_waiting.html",
        rows=page.rows,
        is_more=page.next_after is not None,
        bills=found,
        kind_words=words.KINDS,
    )


def _search(actor: Actor, given: Mapping[str, Any]) -> Markup | None:
    """The way to look for a bill at its source."""
    del given
    return part("tracking/_search.html") if roles.can(actor, MANAGE) else None


PANELS = (
    Panel("bills.actions", _search),
    Panel("bill.top", _of_bill, order=10),
    Panel("desk.waiting", _waiting, order=5),
)
