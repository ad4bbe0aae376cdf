"""Put hearings on the calendar of a coalition: new ones, moved ones, cancelled ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import update

from advocacy.audit import services as audit
from advocacy.campaigns.rules import is_web_address
from advocacy.campaigns.services import checks
from advocacy.coalitions import rules as roles
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.hearings import queries, rules
from advocacy.hearings.models import Hearing, HearingBill, HearingRev, HearingState
from advocacy.reminders.rules import instant_of

_MOVES = ("held_on", "local_time", "tz", "place", "state")


@dataclass(frozen=True)
class HearingFacts:
    """What is known of a hearing; ``tz`` is the zone of its place."""

    title: str
    held_on: date
    tz: str
    source_name: str
    local_time: time | None = None
    committee: str = ""
    place: str = ""
    state: str = HearingState.CONFIRMED
    source_url: str = ""
    upstream_key: str | None = None


def add_hearing(actor: Actor, coalition_id: int, facts: HearingFacts, bill_ids: Collection[int] = ()) -> Hearing:
    """Put a hearing on the calendar, about these bills.

    Raises: NotAllowed, RuleBroken naming the field, Conflict when it stands there already (domain I-066).
    """
    roles.require(actor, queries.MANAGE, coalition_id)
    now = clock.now()
    made = Hearing(coalition_id=coalition_id, public_id=new_public_id(), created_at=now, rev=1)
    made.upstream_key = facts.upstream_key
    _fill(made, facts)
    db.session.add(made)
    db.session.flush()
    _note_rev(made)
    for bill_id in sorted(bill_ids):
        db.session.add(HearingBill(coalition_id=coalition_id, hearing_id=made.id, bill_id=bill_id))
    db.session.flush()
    _record(actor, "hearing.added", made)
    return made


def change_hearing(actor: Actor, public_id: str, facts: HearingFacts, *, version: int) -> Hearing:
    """Change a hearing; another day, time, place or state is a new revision.

    Raises: NotAllowed, NotFound, Conflict, RuleBroken naming the field.
    """
    found = queries.hearing(actor, public_id, queries.MANAGE, lock=True)
    checks.require_version(found.version, version)
    was = [getattr(found, name) for name in _MOVES]
    _fill(found, facts)
    is_moved = was != [getattr(found, name) for name in _MOVES]
    if is_moved:
        found.rev += 1
    db.session.flush()
    if is_moved:
        _note_rev(found)
    _record(actor, "hearing.moved" if is_moved else "hearing.changed", found)
    return found


def link_bill(actor: Actor, found: Hearing, bill_id: int) -> None:
    """Say that a hearing is about a bill too.

    Raises: NotAllowed.
    """
    roles.require(actor, queries.MANAGE, found.coalition_id)
    if db.session.get(HearingBill, (found.id, bill_id)) is None:
        db.session.add(HearingBill(coalition_id=found.coalition_id, hearing_id=found.id, bill_id=bill_id))
        db.session.flush()
        _record(actor, "hearing.bill_linked", found)


def name_upstream(actor: Actor, found: Hearing, upstream_key: str) -> None:
    """Say that a hearing noted by hand is the one of this name at a source; one that has a name keeps it.

    Raises: NotAllowed.
    """
    roles.require(actor, queries.MANAGE, found.coalition_id)
    if found.upstream_key is None:
        found.upstream_key = upstream_key
        db.session.flush()
        _record(actor, "hearing.changed", found)


def note_check(hearing_ids: Collection[int], at: datetime) -> None:
    """Note that a source was asked and says the same; no editor is disturbed by it."""
    if hearing_ids:
        seen = update(Hearing).where(Hearing.id.in_(sorted(hearing_ids)), Hearing.checked_at < at)
        db.session.execute(seen.values(checked_at=at).execution_options(synchronize_session=False))


def _fill(found: Hearing, facts: HearingFacts) -> None:
    if not facts.title:
        raise RuleBroken(_("Please fill this in."), field="title")
    if not facts.source_name:
        raise RuleBroken(_("Please fill this in."), field="source_name")
    if facts.source_url and not is_web_address(facts.source_url):
        raise RuleBroken(_("Give the address of a page on the web. It begins with https://"), field="source_url")
    if not roles.is_timezone(facts.tz):
        raise RuleBroken(_("Choose a time zone from the list."), field="tz")
    if facts.state not in set(HearingState):
        raise RuleBroken(_("Say whether it is certain."), field="state")
    _refuse_twin(found, facts)
    now = clock.now()
    found.title, found.committee, found.place = facts.title, facts.committee, facts.place
    found.held_on, found.local_time, found.tz = facts.held_on, facts.local_time, facts.tz
    found.starts_at = None
    if facts.local_time is not None:
        found.starts_at = instant_of(datetime.combine(facts.held_on, facts.local_time), ZoneInfo(facts.tz))
    found.state = HearingState(facts.state)
    found.source_name, found.source_url = facts.source_name, facts.source_url
    found.checked_at = found.changed_at = now


def _refuse_twin(found: Hearing, facts: HearingFacts) -> None:
    if facts.state not in {*rules.LIVE, HearingState.CONCLUDED}:
        return
    with db.session.no_autoflush:
        held = queries.twin(found.coalition_id, facts.committee, facts.held_on, facts.local_time, facts.tz)
    if held is not None and held.public_id != found.public_id:
        raise Conflict(_("This committee has a hearing at that time already."), field="committee")


def _note_rev(found: Hearing) -> None:
    kept = {name: getattr(found, name) for name in _MOVES}
    db.session.add(
        HearingRev(hearing_id=found.id, rev=found.rev, coalition_id=found.coalition_id, noted_at=clock.now(), **kept)
    )
    db.session.flush()


def _record(actor: Actor, what: str, found: Hearing) -> None:
    facts = {"state": found.state, "rev": found.rev}
    audit.record(actor, what, "hearing", found.id, coalition_id=found.coalition_id, facts=facts)
