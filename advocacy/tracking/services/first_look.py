"""Look one bill up when somebody begins to track it: prepare, ask without a transaction, settle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from advocacy.civic.adapters.ports import FoundBill, SourceError
from advocacy.civic.services import circuits, legislatures
from advocacy.civic.services.sources import configured
from advocacy.core import clock
from advocacy.core.http_client import Budget
from advocacy.core.jobs_spec import RetryLater
from advocacy.tracking import queries, rules
from advocacy.tracking.models import What
from advocacy.tracking.services import noting

LOOK_S = 60.0
"""A look may take so long; the lease of its job is twice that."""


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


def prepare(args: Mapping[str, Any]) -> Wanted | None:
    """Which bill; ``None`` when it is not tracked any more."""
    watch = queries.watch(args["bill"])
    if watch is None or watch.upstream_key is not None:
        return None
    if not legislatures.may_ask(watch.source, watch.jurisdiction):
        watch.last_code = "no_source"
        return None
    return Wanted(watch.source, watch.jurisdiction, watch.session, watch.identifier)


def perform(wanted: Wanted) -> One:
    """Look one bill up."""
    try:
        upstream = legislatures.of(wanted.source, Budget(LOOK_S), for_people=False)
        return One(upstream.bill(wanted.code, wanted.session, wanted.identifier))
    except SourceError as error:
        return One(code=error.code)


def settle(args: Mapping[str, Any], found: One) -> None:
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
        noting.note_check([watch], clock.now())
        return
    watch.last_code = found.code
    if found.code not in {"not_found", "refused"}:
        opens = circuits.not_before(known, legislatures.route_of(known.name, What.BILLS))
        raise RetryLater(max(rules.pause(found.code), opens - clock.now()), found.code)
