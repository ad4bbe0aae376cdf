"""Keep what somebody in office promised, be reminded of it, and note what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from advocacy.audit import services as audit
from advocacy.campaigns.services import checks
from advocacy.coalitions import queries as coalition_queries
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.outreach import lawmaker_queries as lawmakers
from advocacy.outreach import position_queries as positions
from advocacy.outreach.position_models import Commitment, Promise, PromiseState
from advocacy.reminders.rules import instant_of
from advocacy.reminders.services import deadlines as reminders

KIND = "lawmaker_commitment"
DEADLINE = "commitment_due"
EVENING = time(17, 0)


@dataclass(frozen=True)
class Promised:
    """What was promised; ``bill_id`` is a bill's public id."""

    kind: str
    what: str
    promised_on: date
    due_on: date | None = None
    bill_id: str = ""
    evidence_url: str = ""


def note_commitment(actor: Actor, key: str, given: Promised) -> Commitment:
    """Keep a promise; a day by which it is due reminds.

    Raises: NotAllowed, NotFound, RuleBroken naming the field.
    """
    found = lawmakers.lawmaker(actor, key, positions.MANAGE)
    row = Commitment(
        coalition_id=lawmakers.in_view(actor),
        public_id=new_public_id(),
        legislator_key=found.key,
        state=PromiseState.OPEN,
        entered_by=actor.user_id,
        entered_at=clock.now(),
    )
    _fill(actor, row, given)
    db.session.add(row)
    db.session.flush()
    _set_reminder(row)
    audit.record(actor, "commitment.noted", KIND, row.id, coalition_id=row.coalition_id)
    return row


def change_commitment(actor: Actor, public_id: str, given: Promised, *, version: int) -> Commitment:
    """Mend what was promised; another day moves the reminders.

    Raises: NotFound, NotAllowed, RuleBroken; Conflict when it is settled, or somebody changed it since ``version``.
    """
    row = _open(actor, public_id, version)
    _fill(actor, row, given)
    db.session.flush()
    _set_reminder(row)
    audit.record(actor, "commitment.changed", KIND, row.id, coalition_id=row.coalition_id)
    return row


def settle_commitment(
    actor: Actor, public_id: str, *, state: str, settled_on: date, outcome: str, version: int
) -> Commitment:
    """Say what became of it: nobody is reminded any more.

    Raises: NotFound, NotAllowed, RuleBroken; Conflict when it is settled, or somebody changed it since ``version``.
    """
    row = _open(actor, public_id, version)
    if state not in set(PromiseState) - {PromiseState.OPEN}:
        raise RuleBroken(_("Choose from the list."), field="state")
    checks.require_text(outcome, "outcome")
    checks.require_not_ahead(settled_on, row.coalition_id, "settled_on")
    if settled_on < row.promised_on:
        raise RuleBroken(_("This day lies before the promise."), field="settled_on")
    row.state, row.settled_on, row.outcome = state, settled_on, outcome
    db.session.flush()
    _set_reminder(row)
    audit.record(actor, "commitment.settled", KIND, row.id, coalition_id=row.coalition_id, facts={"state": state})
    return row


def reopen_commitment(actor: Actor, public_id: str, *, version: int) -> Commitment:
    """Take back what was said of it; a day that still lies ahead reminds again.

    Raises: NotFound, NotAllowed; Conflict when it is open, or somebody changed it since ``version``.
    """
    row = positions.commitment(actor, public_id, positions.MANAGE, lock=True)
    checks.require_version(row.version, version)
    if row.state == PromiseState.OPEN:
        raise Conflict(_("This promise is open."))
    row.state, row.settled_on, row.outcome = PromiseState.OPEN, None, ""
    db.session.flush()
    _set_reminder(row)
    audit.record(actor, "commitment.reopened", KIND, row.id, coalition_id=row.coalition_id)
    return row


def _open(actor: Actor, public_id: str, version: int) -> Commitment:
    row = positions.commitment(actor, public_id, positions.MANAGE, lock=True)
    checks.require_version(row.version, version)
    if row.state != PromiseState.OPEN:
        raise Conflict(_("It is settled. Open it again to change it."))
    return row


def _fill(actor: Actor, row: Commitment, given: Promised) -> None:
    if given.kind not in set(Promise):
        raise RuleBroken(_("Choose from the list."), field="kind")
    checks.require_text(given.what, "what")
    checks.require_not_ahead(given.promised_on, row.coalition_id, "promised_on")
    checks.require_web_address(given.evidence_url, "evidence_url")
    if given.due_on is not None and given.due_on < given.promised_on:
        raise RuleBroken(_("It is due on a later day."), field="due_on")
    row.bill_id = positions.bill(actor, given.bill_id).id if given.bill_id else None
    row.kind, row.what, row.promised_on = given.kind, given.what, given.promised_on
    row.due_on, row.evidence_url = given.due_on, given.evidence_url


def _set_reminder(row: Commitment) -> None:
    if row.due_on is None or row.state != PromiseState.OPEN:
        reminders.drop_deadline(DEADLINE, KIND, row.id)
        return
    zone = coalition_queries.coalition(row.coalition_id).tz
    reminders.set_deadline(
        kind=DEADLINE,
        coalition_id=row.coalition_id,
        object_kind=KIND,
        object_id=row.id,
        due_at=instant_of(datetime.combine(row.due_on, EVENING), ZoneInfo(zone)),
        tz=zone,
    )
