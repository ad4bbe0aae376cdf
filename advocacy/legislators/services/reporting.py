"""Take what visitors say was wrong with a look-up, and settle it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import CursorResult, delete, select, update

from advocacy.audit import services as audit
from advocacy.civic import rules as civic_rules
from advocacy.civic.services import directory
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import Statement, db, run_together
from advocacy.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.core.text import has_url
from advocacy.legislators.report_models import LookupReport, ReportOutcome, ReportReason
from advocacy.web.manifest import house

VERB = "lookups.settle"
KEEP = timedelta(days=180)
KIND = "lookup_report"
SHOWN = 50
_MOST_DIVISIONS = 8
_PLACE_WORDS = (
    "street st avenue ave road rd drive dr lane ln boulevard blvd court ct place pl way highway hwy parkway pkwy "
    "terrace circle apartment apt suite unit floor box"
).split()
_ADDRESS = re.compile(
    rf"\d{{4,}}|@|#\s*\d|\bbox\s+\d|\b\d+\w?\s+(?:\S+\s+){{0,4}}(?:{'|'.join(_PLACE_WORDS)})\b\.?", re.IGNORECASE
)
_NOTE = Statement("""
    INSERT INTO lookup_report (public_id, reason, division_id, person_key, expected, seen_count, first_at, last_at)
    VALUES (:public_id, :reason, :division_id, :person_key, :expected, 1, :now, :now)
    ON CONFLICT (division_id, person_key, reason, expected) WHERE outcome IS NULL
    DO UPDATE SET seen_count = lookup_report.seen_count + 1, last_at = excluded.last_at""")


def report_answer(actor: Actor, *, reason: object, divisions: object, person: object, expected: object) -> None:
    """Note a complaint; of the place only the district is taken.

    Raises: RuleBroken naming the field.
    """
    del actor  # everybody may say so
    if not isinstance(reason, str) or reason not in set(ReportReason):
        raise RuleBroken(_("Please say what is wrong."), field="reason")
    params = {
        "public_id": new_public_id(),
        "reason": reason,
        "division_id": _most_exact(divisions),
        "person_key": person if isinstance(person, str) and person in directory.names([person]) else "",
        "expected": _without_place(expected),
        "now": clock.now(),
    }
    run_together(db.session(), [(_NOTE, params)])


def _most_exact(divisions: object) -> str:
    """The House district of those shown, else another; empty when none is known."""
    given = divisions.split()[:_MOST_DIVISIONS] if isinstance(divisions, str) else []
    known = [ocd_id for one in given if (ocd_id := civic_rules.canonical(one))]
    return next((ocd_id for ocd_id in known if civic_rules.is_house(ocd_id)), known[0] if known else "")


def _without_place(expected: object) -> str:
    text = expected if isinstance(expected, str) else ""
    if _ADDRESS.search(text) or has_url(text):
        raise RuleBroken(
            _("Please give a name or a district only. No street, no ZIP code, no phone number, no email address."),
            field="expected",
        )
    return text


def reports(actor: Actor, *, settled: bool = False) -> Sequence[LookupReport]:
    """The newest of the queue, or of what was settled.

    Raises: NotAllowed.
    """
    _require(actor)
    is_settled = LookupReport.outcome.is_not(None) if settled else LookupReport.outcome.is_(None)
    found = select(LookupReport).where(is_settled).order_by(LookupReport.last_at.desc(), LookupReport.id.desc())
    return db.session.execute(found.limit(SHOWN)).scalars().all()


def settle_report(actor: Actor, public_id: str, outcome: str) -> None:
    """Say what became of a complaint; of two people at once one does it.

    Raises: NotAllowed, NotFound, Conflict; RuleBroken on field ``outcome``.
    """
    _require(actor)
    if outcome not in set(ReportOutcome):
        raise RuleBroken(_("Please choose what became of it."), field="outcome")
    found = db.session.execute(select(LookupReport.id).where(LookupReport.public_id == public_id)).scalar_one_or_none()
    if found is None:
        raise NotFound
    done = db.session.execute(
        update(LookupReport)
        .where(LookupReport.id == found, LookupReport.outcome.is_(None))
        .values(outcome=outcome, settled_by=actor.user_id, settled_at=clock.now())
        .returning(LookupReport.id)
    ).scalar_one_or_none()
    if done is None:
        raise Conflict(_("Somebody has settled this one already."))
    audit.record(actor, "lookup_report.settled", KIND, found, facts={"outcome": outcome})


def purge(before: datetime, limit: int) -> int:
    """Drop up to ``limit`` reports that nobody repeated since an instant."""
    old = select(LookupReport.id).where(LookupReport.last_at < before).limit(limit)
    gone = delete(LookupReport).where(LookupReport.id.in_(old)).execution_options(synchronize_session=False)
    return int(cast("CursorResult[Any]", db.session.execute(gone)).rowcount)


def _require(actor: Actor) -> None:
    if not house().can(actor, VERB):
        raise NotAllowed(_("Only the operator of this site can settle what visitors said."))
