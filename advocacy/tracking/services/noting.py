"""Put what a source says of a bill before its coalition: each change once, whatever became of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from advocacy.campaigns.models import BillAction, BillVersion
from advocacy.campaigns.queries.campaigns import today
from advocacy.campaigns.services import tracking as bill_tracking
from advocacy.civic.adapters.ports import FoundBill
from advocacy.core import clock
from advocacy.core.db import Statement, db, run_together
from advocacy.core.ids import new_public_id
from advocacy.tracking import rules
from advocacy.tracking.models import Change, ChangeKind, ChangeState, Watch

MOST_STEPS = 200
LINE = 300
"""As long as a step of a bill may be."""
_INSERT = Statement("""
    INSERT INTO bill_change (public_id, coalition_id, bill_id, hearing_id, kind, mark, upstream_key, facts, source_name,
        state, found_at, version)
    VALUES (:public_id, :coalition_id, :bill_id, :hearing_id, :kind, :mark, :upstream_key, CAST(:facts AS JSON),
        :source_name, 'open', :found_at, 1)
    ON CONFLICT (coalition_id, bill_id, mark) DO UPDATE SET
        state = 'open', facts = excluded.facts, found_at = excluded.found_at, version = bill_change.version + 1
    WHERE bill_change.state = 'overtaken'
    RETURNING id""")


@dataclass(frozen=True)
class Said:
    """A change as a source says it, with its mark."""

    kind: ChangeKind
    mark: str
    facts: Mapping[str, Any]
    hearing_id: int | None = None
    upstream_key: str = ""


def suggest(watch: Watch, changes: Iterable[Said], source_name: str) -> int:
    """Store changes that nobody has seen yet; gives how many. What was accepted or dismissed stays so.

    Needs: a writing unit.
    """
    now = clock.now()
    steps = [
        (
            _INSERT,
            {
                "public_id": new_public_id(),
                "coalition_id": watch.coalition_id,
                "bill_id": watch.bill_id,
                "hearing_id": one.hearing_id,
                "kind": str(one.kind),
                "mark": one.mark,
                "upstream_key": one.upstream_key,
                "facts": json.dumps(dict(one.facts)),
                "source_name": source_name,
                "found_at": now,
            },
        )
        for one in changes
    ]
    if not steps:
        return 0
    db.session.flush()
    return sum(len(rows) for rows in run_together(db.session(), steps))


def note_bill(watch: Watch, found: FoundBill, source_name: str) -> int:
    """Suggest the steps and texts of a bill that its page does not hold; gives how many are new."""
    watch.upstream_key, watch.last_code = found.key, ""
    if found.session:
        watch.session = found.session[:60]
    said = [*_steps(watch, found), *_versions(watch, found)]
    known = set(
        db.session.execute(
            select(Change.mark).where(
                Change.bill_id == watch.bill_id,
                Change.mark.in_([one.mark for one in said]),
                Change.state != ChangeState.OVERTAKEN,
            )
        ).scalars()
    )
    return suggest(watch, [one for one in said if one.mark not in known], source_name)


def _steps(watch: Watch, found: FoundBill) -> list[Said]:
    wanted = select(BillAction.happened_on, BillAction.what).where(BillAction.bill_id == watch.bill_id)
    held = {(on, what) for on, what in db.session.execute(wanted)}
    return [
        Said(
            ChangeKind.STEP,
            rules.mark(watch.source, "step", step.on, step.text, step.body, step.turn),
            {"on": step.on.isoformat(), "what": step.text[:LINE], "status": step.status, "body": step.body[:LINE]},
            upstream_key=found.key,
        )
        for step in rules.steps(found.actions)[-MOST_STEPS:]
        if (step.on, step.text[:LINE]) not in held
    ]


def _versions(watch: Watch, found: FoundBill) -> list[Said]:
    wanted = select(BillVersion.label).where(BillVersion.bill_id == watch.bill_id)
    held = set(db.session.execute(wanted).scalars())
    said = []
    for version in found.versions[-MOST_STEPS:]:
        on = rules.day_of(version.on) or rules.day_of(found.updated_at)
        label = version.label[:80]
        if on is not None and label and label not in held:
            facts = {"on": on.isoformat(), "label": label, "url": rules.link(version.url)}
            mark = rules.mark(watch.source, "version", version.label, version.on)
            said.append(Said(ChangeKind.VERSION, mark, facts, upstream_key=found.key))
    return said


def overtake(bill_id: int, hearing: int | str | None = None, *, keep: Sequence[str] = ()) -> None:
    """Put aside what waits about a bill, or about one hearing of it, named by its id or by its key at the source.

    Needs: a writing unit.
    """
    stale = update(Change).where(Change.bill_id == bill_id, Change.state == ChangeState.OPEN)
    if hearing is not None:
        stale = stale.where((Change.hearing_id if isinstance(hearing, int) else Change.upstream_key) == hearing)
    if keep:
        stale = stale.where(Change.mark.not_in(keep))
    values = {"state": ChangeState.OVERTAKEN, "version": Change.version + 1}
    db.session.execute(stale.values(**values).execution_options(synchronize_session=False))


def note_check(watches: Iterable[Watch], now: datetime) -> None:
    """Note that a source was asked about these bills, on their pages too.

    Needs: a writing unit.
    """
    by_coalition: dict[int, list[int]] = {}
    for watch in watches:
        watch.checked_at = now
        by_coalition.setdefault(watch.coalition_id, []).append(watch.bill_id)
    db.session.flush()
    for coalition_id, ids in by_coalition.items():
        bill_tracking.note_check(ids, today(coalition_id, now))
