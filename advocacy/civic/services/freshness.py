"""What a source says today of who sits for a division and on which committees, beside what the packs say.

Asked by division, so no place of a visitor leaves the house. An answer is fresh for a day; for a week after somebody
asked it is renewed in the background, while the old one is shown; while the source fails it stands for thirty days,
with its date. The ten people at which a point's answer is cut are never met: a division's people come in pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from advocacy.civic import rules
from advocacy.civic.adapters import openstates
from advocacy.civic.adapters.ports import NoSuchThing, SourceError
from advocacy.civic.models import Layer
from advocacy.civic.services import answer_cache, circuits, legislatures
from advocacy.civic.services.sources import configured
from advocacy.civic.source_models import CachedAnswer
from advocacy.core import clock
from advocacy.core.db import db
from advocacy.core.http_client import Budget
from advocacy.core.jobs_spec import RetryLater, type_args
from advocacy.queue import port

JOB, RENEW_JOB = "civic.refresh_people", "civic.renew_people"
PEOPLE, COMMITTEES = "people", "committees"
FRESH = timedelta(days=1)
WANTED = timedelta(days=7)
"""So long after somebody asked an answer is kept young."""
AT_ONCE = 20
_ROUND_S = 40.0
_PAUSE = timedelta(minutes=5)


@dataclass(frozen=True)
class Said:
    """What the source said, and when; ``is_old``: it should have answered anew by now and did not."""

    value: Mapping[str, Any]
    at: datetime
    is_fresh: bool
    is_old: bool


def people_of(division_id: str) -> Said | None:
    """Who sits for a division by the source's word; each a name, a party and the source's key."""
    return _said(PEOPLE, division_id)


def committees_of(code: str) -> Said | None:
    """The committees of a state's legislature by the source's word, each with its members."""
    return _said(COMMITTEES, code)


def can_ask(division_id: str) -> bool:
    """Whether a source may be asked about this division."""
    return legislatures.may_ask(openstates.NAME, _code(division_id))


def ask(division_id: str) -> bool:
    """Let the worker ask about a division and its state's committees; ``False`` when both answers are fresh.

    Needs: a writing unit.
    """
    asked = False
    wanted = [(PEOPLE, division_id)]
    if rules.layer_of(division_id) in {Layer.UPPER, Layer.LOWER}:  # of Congress the packs hold them
        wanted.append((COMMITTEES, _code(division_id)))
    for kind, what in wanted:
        known = _said(kind, what)
        if known is None or not known.is_fresh:
            _enqueue(kind, what, clock.now(), priority=35)
            asked = True
    return asked


# --- the jobs ---------------------------------------------------------------------------------------------------------


def prepare(args: type_args) -> tuple[str, str] | None:
    """What to ask; ``None`` when it is known by now, or nobody may be asked."""
    kind, what = str(args["kind"]), str(args["what"])
    known = _said(kind, what)
    is_known = known is not None and known.is_fresh
    return None if is_known or not legislatures.may_ask(openstates.NAME, _code(what)) else (kind, what)


def perform(asked: tuple[str, str]) -> tuple[dict[str, Any] | None, str]:
    """Ask the source: what it said, or why it did not."""
    kind, what = asked
    try:
        upstream = legislatures.of(openstates.NAME, Budget(_ROUND_S), for_people=False)
        if kind == PEOPLE:
            people = [{"key": one.key, "name": one.name, "party": one.party} for one in upstream.people(what)]
            return {"people": people}, ""
        found = [
            {"name": one.name, "members": [[key, name, role] for key, name, role in one.members]}
            for one in upstream.committees(what)
        ]
    except NoSuchThing:
        return {PEOPLE: [], COMMITTEES: []}, ""
    except SourceError as error:
        return None, error.code
    return {"committees": found}, ""


def settle(args: type_args, answer: tuple[dict[str, Any] | None, str]) -> None:
    """Keep what was said.

    Raises: RetryLater where the source could not be asked.
    Needs: a writing unit.
    """
    value, code = answer
    kind, what = str(args["kind"]), str(args["what"])
    if value is not None:
        full = {**value, "what": what, "wanted_at": args["wanted_at"]}
        fresh = FRESH if any(value.values()) else answer_cache.NOTHING_FRESH
        answer_cache.store(kind, answer_cache.key_of(kind, what), full, fresh)
        return
    source = configured().get(openstates.NAME)
    if source is not None and code != "refused":
        wait = circuits.not_before(source, kind) - clock.now()
        raise RetryLater(max(_PAUSE, wait), code)


def renew(args: type_args) -> None:
    """Ask anew for what grew old and somebody wanted lately.

    Needs: a writing unit.
    """
    del args
    for row in _stale():
        _enqueue(row.kind, str(row.value["what"]), datetime.fromisoformat(row.value["wanted_at"]), priority=75)


def is_any_stale() -> bool:
    """Whether an answer that somebody wanted lately grew old."""
    return openstates.NAME in configured() and bool(_stale())


def _stale() -> list[CachedAnswer]:
    now = clock.now()
    wanted = select(CachedAnswer).where(
        CachedAnswer.kind.in_([PEOPLE, COMMITTEES]),
        CachedAnswer.fresh_until <= now,
        CachedAnswer.stored_at > now - answer_cache.KEEP,
    )
    rows = db.session.execute(wanted.order_by(CachedAnswer.stored_at).limit(AT_ONCE * 5)).scalars()
    return [row for row in rows if datetime.fromisoformat(row.value["wanted_at"]) > now - WANTED][:AT_ONCE]


def _enqueue(kind: str, what: str, wanted_at: datetime, priority: int) -> None:
    name = f"{kind}:{what}"
    args = {"kind": kind, "what": what, "wanted_at": wanted_at.isoformat()}
    port.enqueue(db.session(), JOB, args, priority=priority, lock=name, dedupe_key=name)


def _said(kind: str, what: str) -> Said | None:
    kept = answer_cache.find(answer_cache.key_of(kind, what))
    if kept is None:
        return None
    return Said(kept.value, kept.stored_at, kept.is_fresh, clock.now() > kept.stored_at + 2 * FRESH)


def _code(what: str) -> str:
    """Two letters of the state that a division lies in; they stay themselves."""
    place = rules.place_of(what)
    return place.code.lower() if place is not None else what
