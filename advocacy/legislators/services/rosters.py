"""Bring in a list of lawmakers: keep it as a draft, say what it would do, do it whole, undo it whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import CursorResult, Table, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from advocacy.audit import services as audit
from advocacy.coalitions import rules as roles
from advocacy.core import clock, uow
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.core.text import clean_line, has_control
from advocacy.legislators import roster_rules, rules
from advocacy.legislators.models import Lawmaker
from advocacy.legislators.roster_models import Roster, RosterChange, RosterState
from advocacy.legislators.services import roster_plan
from advocacy.legislators.services.own import require_version, today
from advocacy.legislators.services.roster_plan import Line

KIND = "roster"
MOST_PEOPLE = 20_000
"""Own lawmakers of one coalition, put away or not."""
SHOWN = 20
KEEP_DRAFTS = timedelta(days=14)
_TABLE = cast("Table", Lawmaker.__table__)
_DATES = frozenset({"starts_on", "ends_on", "as_of"})


def roster(actor: Actor, public_id: str) -> Roster:
    """One of the coalition's lists.

    Raises: NotFound, also for another coalition's; NotAllowed.
    """
    found = db.session.execute(
        select(Roster).where(Roster.public_id == public_id, Roster.coalition_id == actor.coalition_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    roles.require(actor, rules.MANAGE, found.coalition_id)
    return found


def latest(actor: Actor) -> Sequence[Roster]:
    """The coalition's lists, newest first.

    Raises: NotAllowed.
    """
    roles.require(actor, rules.MANAGE)
    wanted = select(Roster).where(Roster.coalition_id == actor.coalition_id).order_by(Roster.id.desc()).limit(SHOWN)
    return db.session.execute(wanted).scalars().all()


def may_be_undone(found: Roster) -> bool:
    """Whether this is the list that was applied last."""
    wanted = select(Roster.id).where(Roster.coalition_id == found.coalition_id, Roster.state == RosterState.APPLIED)
    last = db.session.execute(wanted.order_by(Roster.applied_at.desc(), Roster.id.desc()).limit(1)).scalar_one_or_none()
    return last == found.id


def upload(actor: Actor, coalition_id: int, file_name: str, data: bytes) -> Roster:
    """Keep a file as the draft of a list, in place of the draft before; nobody is changed yet.

    Raises: NotAllowed; RuleBroken when it is no list.
    """
    roles.require(actor, rules.MANAGE, coalition_id)
    text, encoding = roster_rules.decode(data)
    sheet = roster_rules.read(text)
    db.session.execute(delete(Roster).where(Roster.coalition_id == coalition_id, Roster.state == RosterState.DRAFT))
    name = clean_line(file_name)[:120]
    made = Roster(
        coalition_id=coalition_id,
        public_id=new_public_id(),
        state=RosterState.DRAFT,
        file_name="" if has_control(name) else name,
        encoding=encoding,
        content=text,
        mapping=roster_rules.guess(sheet.header),
        counts={},
        uploaded_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:  # somebody uploads another one at this moment
        raise Conflict(_("Somebody else is bringing in a list just now. Please look at it first.")) from None
    audit.record(actor, "roster.uploaded", KIND, made.id, coalition_id=coalition_id, facts={"lines": len(sheet.rows)})
    return made


def set_mapping(actor: Actor, public_id: str, mapping: Sequence[str], *, version: int) -> Roster:
    """Say what each column of a draft holds.

    Raises: NotFound, NotAllowed, Conflict, RuleBroken.
    """
    found = _draft(actor, public_id, version)
    roster_rules.check_mapping(mapping, len(roster_rules.read(found.content).header))
    found.mapping = list(mapping)
    db.session.flush()
    audit.record(actor, "roster.mapped", KIND, found.id, coalition_id=found.coalition_id)
    return found


def discard(actor: Actor, public_id: str) -> None:
    """Throw a draft away.

    Raises: NotFound, NotAllowed, Conflict.
    """
    found = roster(actor, public_id)
    _require_draft(found)
    db.session.delete(found)
    audit.record(actor, "roster.discarded", KIND, found.id, coalition_id=found.coalition_id)


def apply(actor: Actor, public_id: str, *, version: int) -> Roster:
    """Do what a draft says, all of it or nothing; lines that are refused are left out, the same ones confirmed.

    Raises: NotFound, NotAllowed, Conflict; RuleBroken when there is nothing to do or too much.
    """
    with uow.reading_first():  # a long list takes a second: nobody's signature waits for it
        planned = _draft(actor, public_id, version)
        known = roster_plan.Known(planned.coalition_id)
        wanted = roster_plan.plan(planned, known)
    _require_some(wanted, known)
    found = _draft(actor, public_id, version)
    if not known.is_current():
        raise Conflict(_("Somebody changed this meanwhile. Please look at it again and repeat your change."))
    changes = [*_insert(found, wanted.new), *_update(found, [*wanted.changed, *wanted.unchanged])]
    db.session.execute(insert(RosterChange), changes)
    found.state, found.content, found.applied_at = RosterState.APPLIED, "", clock.now()
    found.counts = wanted.counts()
    db.session.flush()
    audit.record(actor, "roster.applied", KIND, found.id, coalition_id=found.coalition_id, facts=found.counts)
    db.session.expire_all()
    return found


def undo(actor: Actor, public_id: str, *, version: int) -> Roster:
    """Take back what the last list did, except where somebody changed a person since.

    People it brought in are taken off the list, not deleted: contacts may name them by now.

    Raises: NotFound, NotAllowed, Conflict.
    """
    found = roster(actor, public_id)
    require_version(found.version, version)
    if not may_be_undone(found):
        raise Conflict(_("Only the list that was applied last can be undone."))
    now = clock.now()
    rows = db.session.execute(
        select(RosterChange, Lawmaker.version)
        .join(Lawmaker, (Lawmaker.id == RosterChange.lawmaker_id) & (Lawmaker.coalition_id == found.coalition_id))
        .where(RosterChange.roster_id == found.id, RosterChange.coalition_id == found.coalition_id)
        .with_for_update()
    ).all()
    same = [change for change, present in rows if change.version == present]
    away = [change.lawmaker_id for change in same if change.before is None]
    back = [change for change in same if change.before is not None]
    for start in range(0, len(away), 500):
        part = away[start : start + 500]
        db.session.execute(
            update(_TABLE).where(_TABLE.c.id.in_(part)).values(archived_at=now, version=_TABLE.c.version + 1)
        )
    if back:
        _write(
            [
                {"b_id": change.lawmaker_id, "b_version": change.version, **_restored(change.before or {})}
                for change in back
            ]
        )
        _carry_on(found, back)
    found.state, found.undone_at = RosterState.UNDONE, now
    found.counts = {**found.counts, "undone": len(same), "left": len(rows) - len(same)}
    db.session.flush()
    audit.record(actor, "roster.undone", KIND, found.id, coalition_id=found.coalition_id, facts=found.counts)
    db.session.expire_all()
    return found


def purge(before: datetime, limit: int) -> int:
    """Drop up to ``limit`` drafts that nobody applied since an instant."""
    old = select(Roster.id).where(Roster.state == RosterState.DRAFT, Roster.uploaded_at < before).limit(limit)
    gone = delete(Roster).where(Roster.id.in_(old)).execution_options(synchronize_session=False)
    return int(cast("CursorResult[Any]", db.session.execute(gone)).rowcount)


def _draft(actor: Actor, public_id: str, version: int) -> Roster:
    found = roster(actor, public_id)
    require_version(found.version, version)
    _require_draft(found)
    return found


def _require_draft(found: Roster) -> None:
    if found.state != RosterState.DRAFT:
        raise Conflict(_("This list was applied already."))


def _require_some(wanted: roster_plan.Plan, known: roster_plan.Known) -> None:
    if wanted.fault:
        raise RuleBroken(wanted.fault)
    if not (wanted.new or wanted.changed or wanted.unchanged):
        raise RuleBroken(_("No line of this list can be taken."))
    if len(wanted.new) + known.count > MOST_PEOPLE:
        raise RuleBroken(_("A coalition can have at most %(most)d people of its own.", most=MOST_PEOPLE))


def _insert(found: Roster, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Add the new ones; gives what is kept for undoing."""
    if not lines:
        return []
    stamp = _stamp(found)
    rows = [
        {
            **asdict(line.facts),
            **stamp,
            "folded_name": line.facts.folded_name,
            "coalition_id": found.coalition_id,
            "public_id": new_public_id(),
            "version": 1,
        }
        for line in lines
    ]
    made = insert(_TABLE).returning(_TABLE.c.id)
    ids = db.session.execute(made, rows).scalars().all()
    return [_change(found, lawmaker_id, None, 1) for lawmaker_id in ids]


def _update(found: Roster, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Change or confirm those who are known; gives what is kept for undoing."""
    if not lines:
        return []
    kept, rows, stamp = [], [], _stamp(found)
    for line in lines:
        before = line.before or {}
        kept.append(_change(found, before["id"], roster_plan.as_json(before), before["version"] + 1))
        keys = {"b_id": before["id"], "b_version": before["version"], "folded_name": line.facts.folded_name}
        rows.append({**keys, **asdict(line.facts), **stamp})
    _write(rows)
    return kept


def _stamp(found: Roster) -> dict[str, Any]:
    return {"source": found.file_name, "as_of": today(found.coalition_id), "archived_at": None}


def _change(found: Roster, lawmaker_id: int, before: dict[str, Any] | None, version: int) -> dict[str, Any]:
    return {
        "roster_id": found.id,
        "coalition_id": found.coalition_id,
        "lawmaker_id": lawmaker_id,
        "before": before,
        "version": version,
    }


def _write(rows: list[dict[str, Any]]) -> None:
    """Write many rows by their ids, each a version further."""
    columns: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name not in {"b_id", "b_version"}}
    statement = (
        update(_TABLE).where(_TABLE.c.id == bindparam("b_id")).values(**columns, version=bindparam("b_version") + 1)
    )
    db.session.connection().execute(statement, rows)


def _restored(before: dict[str, Any]) -> dict[str, Any]:
    """What stood there before, as the columns hold it."""
    values = {name: value for name, value in before.items() if name not in {"id", "version", "public_id"}}
    for name in _DATES:
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    values["archived_at"] = datetime.fromisoformat(values["archived_at"]) if values["archived_at"] else None
    return values


def _carry_on(found: Roster, back: Sequence[RosterChange]) -> None:
    """Let the list before be undone too: what it left stands again, under a later version."""
    earlier = cast("Table", RosterChange.__table__)
    statement = (
        update(earlier)
        .where(
            earlier.c.lawmaker_id == bindparam("b_lawmaker"),
            earlier.c.version == bindparam("b_before"),
            earlier.c.roster_id != found.id,
        )
        .values(version=bindparam("b_now"))
    )
    rows = [
        {"b_lawmaker": change.lawmaker_id, "b_before": (change.before or {})["version"], "b_now": change.version + 1}
        for change in back
    ]
    db.session.connection().execute(statement, rows)
