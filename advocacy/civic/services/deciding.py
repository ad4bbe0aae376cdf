"""Decide where sources disagree: once, with a reason, for as long as they say the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.audit.services import record
from advocacy.civic.models import PinField
from advocacy.civic.packs import values
from advocacy.civic.services import comparing, operators, pinning
from advocacy.civic.services.store import store
from advocacy.civic.source_models import CivicConflict, ConflictKind, DivisionConflict, Verdict
from advocacy.core import clock, uow
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound, RuleBroken

PAGE_SIZE = 40


def conflicts(actor: Actor, *, decided: bool = False, after: int = 0) -> Sequence[CivicConflict]:
    """Some of the conflicts, open or decided, behind an id: one more than a page where there is one."""
    operators.require(actor)
    wanted = select(CivicConflict).where(CivicConflict.id > after)
    wanted = wanted.where(CivicConflict.verdict.is_not(None) if decided else CivicConflict.verdict.is_(None))
    return db.session.execute(wanted.order_by(CivicConflict.id).limit(PAGE_SIZE + 1)).scalars().all()


def district_conflicts(actor: Actor, *, decided: bool = False) -> Sequence[DivisionConflict]:
    """The districts on which a source and the map disagree, the newest first."""
    operators.require(actor)
    wanted = select(DivisionConflict).order_by(DivisionConflict.last_at.desc()).limit(PAGE_SIZE)
    is_decided = DivisionConflict.verdict
    return (
        db.session.execute(wanted.where(is_decided.is_not(None) if decided else is_decided.is_(None))).scalars().all()
    )


def decide(actor: Actor, conflict_id: int, verdict: Verdict, reason: str = "") -> CivicConflict:
    """Decide one: ``theirs`` matches two people, or pins what the other source says.

    Raises: NotFound, Conflict when somebody decided it before, RuleBroken on a missing reason or an unusable value.
    """
    operators.require(actor)
    comparing.one_importer()
    found = db.session.execute(
        select(CivicConflict).where(CivicConflict.id == conflict_id).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(_("This disagreement is over: the sources agree by now."))
    said = _reason(verdict, reason)
    if found.verdict is not None:
        raise Conflict(_("Somebody has decided this already."))
    if verdict is Verdict.THEIRS and found.kind == ConflictKind.FIELD:
        source = found.their_source + (f", {found.their_on}" if found.their_on else "")
        pinning.pin_field(actor, found.person_key, PinField(found.field), found.theirs, said, source=source)
    _close(actor, found, verdict, said)
    db.session.flush()
    if found.kind == ConflictKind.PERSON:
        comparing.compare_people()
        _look_again()
    record(
        actor,
        "civic.conflict_decided",
        "civic_conflict",
        found.id,
        facts={"kind": found.kind, "field": found.field, "verdict": str(verdict)},
    )
    return found


def match_all(actor: Actor, reason: str) -> int:
    """Say of everybody who seems to be in both lists that they are one person; give how many.

    Raises: RuleBroken without a reason.
    """
    operators.require(actor)
    said = _reason(Verdict.DISMISSED, reason)
    comparing.one_importer()
    wanted = select(CivicConflict).where(CivicConflict.verdict.is_(None), CivicConflict.kind == ConflictKind.PERSON)
    rows = db.session.execute(wanted.with_for_update()).scalars().all()
    for row in rows:
        _close(actor, row, Verdict.THEIRS, said)
    db.session.flush()
    comparing.compare_people()
    _look_again()
    record(actor, "civic.people_matched", "civic_conflict", "all", facts={"count": len(rows)})
    return len(rows)


def decide_district(actor: Actor, key: tuple[str, str, str], verdict: Verdict, reason: str = "") -> DivisionConflict:
    """Decide about a district: the map stays what it is until a newer pack comes.

    Raises: NotFound, Conflict when somebody decided it before, RuleBroken on a missing reason.
    """
    operators.require(actor)
    found = db.session.get(DivisionConflict, key)
    if found is None:
        raise NotFound(_("There is no such disagreement."))
    said = _reason(verdict, reason)
    if found.verdict is not None:
        raise Conflict(_("Somebody has decided this already."))
    _close(actor, found, verdict, said)
    record(actor, "civic.district_decided", "division_conflict", found.source, facts={"verdict": str(verdict)})
    return found


def _reason(verdict: Verdict, reason: str) -> str:
    said = values.line(reason, 200) or ""
    if verdict is Verdict.DISMISSED and not said:
        raise RuleBroken(_("Say why, for whoever looks later."), field="reason")
    return said


def _close(actor: Actor, row: CivicConflict | DivisionConflict, verdict: Verdict, reason: str) -> None:
    now: datetime = clock.now()
    row.verdict, row.reason, row.decided_by, row.decided_at = verdict, reason, actor.user_id, now


def _look_again() -> None:
    store().forget()
    uow.afterwards(store().forget)
