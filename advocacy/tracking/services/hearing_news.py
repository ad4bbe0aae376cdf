"""What a source says of hearings, beside what the coalition's calendar holds: new, moved, cancelled, gone back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from advocacy.campaigns.queries.campaigns import today
from advocacy.civic.adapters.ports import FoundEvent
from advocacy.civic.capitals import zone_of
from advocacy.coalitions import queries as coalitions
from advocacy.core import clock
from advocacy.core.db import db
from advocacy.hearings import queries as hearings
from advocacy.hearings.models import Hearing, HearingState
from advocacy.hearings.rules import LIVE, OVER
from advocacy.hearings.services import placing
from advocacy.tracking import rules
from advocacy.tracking.models import Change, ChangeKind, ChangeState, Watch
from advocacy.tracking.services import noting
from advocacy.tracking.services.noting import Said

DAY = timedelta(days=1)


def key_of(source: str, key: str) -> str:
    """A hearing's name at a source."""
    return f"{source}:{key}"[:160]


def note_events(source: str, watches: Sequence[Watch], events: Iterable[FoundEvent], source_name: str) -> int:
    """Suggest what differs from the calendars of the coalitions that track a bill which is heard.

    Needs: a writing unit.
    """
    found, made, same = list(events), 0, set()
    by_coalition: dict[int, list[Watch]] = {}
    for watch in watches:
        by_coalition.setdefault(watch.coalition_id, []).append(watch)
    for coalition_id, ours in by_coalition.items():
        held = hearings.by_upstream_keys(coalition_id, [key_of(source, event.key) for event in found])
        linked = hearings.bill_ids([hearing.id for hearing in held.values()])
        for event in found:
            hearing = held.get(key_of(source, event.key))
            of_it = [watch for watch in ours if hearing is not None and watch.bill_id in linked[hearing.id]]
            if hearing is not None and of_it:
                made += _of_known(of_it[0], hearing, event, source_name)  # one move, whatever it hears
                same.add(hearing.id)
            others = [watch for watch in ours if watch not in of_it and _is_about(event, watch)]
            made += sum(_of_new(watch, hearing, event, source_name) for watch in others)
    placing.note_check(same, clock.now())
    return made


def _is_about(event: FoundEvent, watch: Watch) -> bool:
    return rules.names_bill(event, [watch.upstream_key or ""], [watch.identifier_norm])


def _facts(watch: Watch, event: FoundEvent) -> dict[str, Any] | None:
    zone = zone_of(watch.jurisdiction) or coalitions.coalition(watch.coalition_id).tz
    slot = rules.slot_of(event, zone)
    if slot is None:
        return None
    return {
        "title": event.name[:300],
        "committee": next(iter(event.committees), "")[:200],
        "on": slot.on.isoformat(),
        "at": slot.at.isoformat("minutes") if slot.at else "",
        "tz": slot.tz,
        "place": event.place[:300],
        "state": str(rules.state_of(event)),
        "url": rules.link(event.url),
    }


def facts_of(hearing: Hearing) -> dict[str, Any]:
    """What the calendar holds, in the same words."""
    return {
        "title": hearing.title,
        "committee": hearing.committee,
        "on": hearing.held_on.isoformat(),
        "at": hearing.local_time.isoformat("minutes") if hearing.local_time else "",
        "tz": hearing.tz,
        "place": hearing.place,
        "state": str(hearing.state),
        "url": hearing.source_url,
    }


def _of_new(watch: Watch, hearing: Hearing | None, event: FoundEvent, source_name: str) -> int:
    """A hearing that the calendar does not hold for this bill."""
    key = key_of(watch.source, event.key)
    facts = _facts(watch, event)
    ahead = today(watch.coalition_id) - DAY
    if facts is None or facts["state"] in OVER or facts["on"] < ahead.isoformat():
        noting.overtake(watch.bill_id, key)
        return 0
    mark = rules.mark(watch.source, "hearing", event.key)
    waiting = select(Change).where(
        Change.bill_id == watch.bill_id, Change.mark == mark, Change.state == ChangeState.OPEN
    )
    held = db.session.execute(waiting).scalar_one_or_none()
    if held is not None:
        if dict(held.facts) != facts:
            held.facts = facts  # it moved before anybody decided: whoever decides sees where it is now
        return 0
    hearing_id = hearing.id if hearing is not None else None
    return noting.suggest(watch, [Said(ChangeKind.HEARING_NEW, mark, facts, hearing_id, key)], source_name)


def _of_known(watch: Watch, hearing: Hearing, event: FoundEvent, source_name: str) -> int:
    """A hearing that the calendar holds: moved, cancelled, or as it was."""
    said = _difference(watch, hearing, event)
    noting.overtake(watch.bill_id, hearing.id, keep=[said.mark] if said else [])
    return noting.suggest(watch, [said], source_name) if said else 0


def _difference(watch: Watch, hearing: Hearing, event: FoundEvent) -> Said | None:
    was, now = facts_of(hearing), _facts(watch, event)
    if hearing.state in OVER and (now is None or now["state"] in OVER):
        return None
    kind = ChangeKind.HEARING_MOVED
    if now is None or now["state"] == HearingState.CANCELLED:
        kind, now = ChangeKind.HEARING_CANCELLED, {**was, "state": str(HearingState.CANCELLED)}
    elif now["state"] == HearingState.CONCLUDED and hearing.state in LIVE:
        return None  # it was held: nothing to warn of
    names = ("on", "at", "place", "state")
    if not now["place"]:
        now["place"] = was["place"]
    if all(now[name] == was[name] for name in names):
        return None
    # The revision stands in the mark: a hearing that goes back to an earlier day has moved once more.
    mark = rules.mark(watch.source, "hearing", event.key, hearing.rev, *(now[name] for name in names))
    facts = {**now, "title": was["title"], "committee": was["committee"], "was": was, "rev": hearing.rev}
    return Said(kind, mark, facts, hearing.id, key_of(watch.source, event.key))
