"""Say who of us holds the contact to somebody in office; hand it over; let it go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from advocacy.audit import services as audit
from advocacy.campaigns.services import checks
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.outreach import lawmaker_queries as lawmakers
from advocacy.outreach import queries
from advocacy.outreach.lawmaker_models import STRENGTHS, Relationship

KIND = "lawmaker_relationship"
NOTE_LENGTH = 1000


@dataclass(frozen=True)
class Held:
    """What is said of a relationship."""

    user_id: int
    strength: int
    since_on: date
    note: str = ""


def hold(actor: Actor, key: str, given: Held, *, replaces: int | None = None) -> Relationship:
    """Say who holds the contact and how well; ``replaces`` is the id of the row that the page showed.

    What was said before stays as history.

    Raises: NotAllowed, NotFound, RuleBroken naming the field; Conflict when somebody else was faster.
    """
    found = lawmakers.lawmaker(actor, key, queries.MANAGE)
    coalition_id = lawmakers.in_view(actor)
    if given.user_id not in lawmakers.may_hold(coalition_id):
        raise RuleBroken(_("Choose somebody of your coalition."), field="holder")
    if given.strength not in STRENGTHS:
        raise RuleBroken(_("Choose from the list."), field="strength")
    checks.require_not_ahead(given.since_on, coalition_id, "since_on")
    _end(coalition_id, found.key, replaces)
    row = Relationship(
        coalition_id=coalition_id,
        legislator_key=found.key,
        user_id=given.user_id,
        strength=given.strength,
        since_on=given.since_on,
        note=given.note[:NOTE_LENGTH],
        begun_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    facts = {"holder": given.user_id, "strength": given.strength}
    audit.record(actor, "relationship.held", KIND, row.id, coalition_id=coalition_id, facts=facts)
    return row


def let_go(actor: Actor, key: str, *, replaces: int) -> None:
    """Nobody holds it any more.

    Raises: NotAllowed, NotFound, Conflict when somebody else was faster.
    """
    found = lawmakers.lawmaker(actor, key, queries.MANAGE)
    coalition_id = lawmakers.in_view(actor)
    _end(coalition_id, found.key, replaces)
    audit.record(actor, "relationship.ended", KIND, replaces, coalition_id=coalition_id)


def _end(coalition_id: int, key: str, seen: int | None) -> None:
    live = lawmakers.relationship(coalition_id, key, lock=True)
    if (live.id if live is not None else None) != seen:
        raise Conflict(_("Somebody changed this meanwhile. Please look again and repeat what is still needed."))
    if live is not None:
        live.ended_at = max(clock.now(), live.begun_at)
        db.session.flush()
