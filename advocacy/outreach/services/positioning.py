"""Note where somebody in office stands on a bill, with what shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from advocacy.audit import services as audit
from advocacy.campaigns.services import checks
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound, RuleBroken
from advocacy.outreach import lawmaker_queries as lawmakers
from advocacy.outreach import position_queries as positions
from advocacy.outreach.position_models import Confidence, LawmakerPosition, Stand

KIND = "lawmaker_position"


@dataclass(frozen=True)
class Evidence:
    """What shows where somebody stands."""

    stand: str
    confidence: str
    seen_on: date
    quote: str = ""
    evidence_url: str = ""


def note_position(
    actor: Actor, key: str, bill_id: str, given: Evidence, *, replaces: int | None = None
) -> LawmakerPosition:
    """Add to the history; ``replaces`` is an entry that was a mistake and counts no more.

    Raises: NotAllowed, NotFound, RuleBroken naming the field; Conflict when somebody else replaced it already.
    """
    found = lawmakers.lawmaker(actor, key, positions.MANAGE)
    bill = positions.bill(actor, bill_id, positions.MANAGE)
    _require_evidence(given, bill.coalition_id)
    if replaces is not None:
        before = positions.position(bill.coalition_id, found.key, replaces)
        if before is None or before.bill_id != bill.id:
            raise NotFound
    row = LawmakerPosition(
        coalition_id=bill.coalition_id,
        bill_id=bill.id,
        legislator_key=found.key,
        stand=given.stand,
        confidence=given.confidence,
        evidence_url=given.evidence_url,
        quote=given.quote,
        seen_on=given.seen_on,
        replaces_id=replaces,
        entered_by=actor.user_id,
        entered_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        if replaces is None:
            raise
        raise Conflict(_("Somebody corrected this entry meanwhile. Please look again.")) from None
    facts = {"bill": bill.id, "replaces": replaces}
    audit.record(actor, "position.noted", KIND, row.id, coalition_id=bill.coalition_id, facts=facts)
    return row


def _require_evidence(given: Evidence, coalition_id: int) -> None:
    if given.stand not in set(Stand):
        raise RuleBroken(_("Choose from the list."), field="stand")
    if given.confidence not in set(Confidence):
        raise RuleBroken(_("Choose from the list."), field="confidence")
    checks.require_not_ahead(given.seen_on, coalition_id, "seen_on")
    checks.require_web_address(given.evidence_url, "evidence_url")
    if given.confidence == Confidence.RECORD and not given.evidence_url:
        raise RuleBroken(_("Give the address where anybody can look it up."), field="evidence_url")
    if given.stand != Stand.UNKNOWN and not (given.quote or given.evidence_url):
        raise RuleBroken(_("Say what shows it: their words, or an address."), field="quote")
