"""An organizer takes a change over, or says no to it: each once, whoever presses twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.audit import services as audit
from advocacy.campaigns.models import Bill, BillVersion
from advocacy.campaigns.queries import bills
from advocacy.campaigns.queries.campaigns import MANAGE, today
from advocacy.campaigns.services import tracking
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict
from advocacy.hearings import queries as hearings
from advocacy.hearings.models import Hearing
from advocacy.hearings.services import placing
from advocacy.hearings.services.placing import HearingFacts
from advocacy.tracking import queries, rules
from advocacy.tracking.models import Change, ChangeKind, ChangeState

TOGETHER = frozenset({ChangeKind.STEP, ChangeKind.VERSION})
"""What is taken over in one go: the past of a bill. Hearings are looked at one by one."""


def accept_change(actor: Actor, change_id: str, *, version: int) -> Change:
    """Take a change over into the bill or the calendar; once, also when it is asked for twice.

    Raises: NotAllowed, NotFound, Conflict, RuleBroken.
    """
    found = queries.change(actor, change_id)
    if found.state != ChangeState.ACCEPTED:
        _require_open(found, version)
        _apply(actor, found)
        _settle(actor, found, ChangeState.ACCEPTED)
    return found


def dismiss_change(actor: Actor, change_id: str, *, version: int) -> Change:
    """Say no to a change; it is never suggested again.

    Raises: NotAllowed, NotFound, Conflict.
    """
    found = queries.change(actor, change_id)
    if found.state != ChangeState.DISMISSED:
        _require_open(found, version)
        _settle(actor, found, ChangeState.DISMISSED)
    return found


def accept_steps(actor: Actor, bill_id: str) -> int:
    """Take over every step and text that waits about a bill, the oldest first; gives how many.

    Raises: NotAllowed, NotFound.
    """
    bill = bills.bill(actor, bill_id, MANAGE, lock=True)
    wanted = select(Change).where(
        Change.bill_id == bill.id, Change.state == ChangeState.OPEN, Change.kind.in_(sorted(TOGETHER))
    )
    waiting = db.session.execute(wanted.limit(queries.MANY).with_for_update()).scalars().all()
    for found in sorted(waiting, key=lambda one: (str(one.facts["on"]), one.id)):
        _apply(actor, found)
        _settle(actor, found, ChangeState.ACCEPTED)
    return len(waiting)


def _require_open(found: Change, version: int) -> None:
    if found.state != ChangeState.OPEN or found.version != version:
        raise Conflict(_("This changed meanwhile. Please look again and repeat what is still needed."))


def _apply(actor: Actor, found: Change) -> None:
    bill = db.session.get_one(Bill, found.bill_id)
    facts: dict[str, Any] = dict(found.facts)
    if found.kind == ChangeKind.STEP:
        on = date.fromisoformat(facts["on"])
        tracking.add_step(
            actor, bill.public_id, what=facts["what"], happened_on=on, status=facts["status"], from_source=True
        )
    elif found.kind == ChangeKind.VERSION:
        _add_version(actor, bill, facts)
    elif found.kind == ChangeKind.HEARING_NEW:
        _add_hearing(actor, found, facts)
    else:
        hearing = db.session.get_one(Hearing, found.hearing_id)
        if hearing.rev != facts["rev"]:
            raise Conflict(_("Somebody changed this hearing by hand meanwhile. Look at it, then dismiss this."))
        given = _kept_words(hearing, found, _hearing_facts(found, facts))
        placing.change_hearing(actor, hearing.public_id, given, version=hearing.version)


def _add_version(actor: Actor, bill: Bill, facts: dict[str, Any]) -> None:
    held = select(BillVersion.id).where(BillVersion.bill_id == bill.id, BillVersion.label == facts["label"])
    if db.session.execute(held).first() is None:
        printed_on = min(date.fromisoformat(facts["on"]), today(bill.coalition_id))
        tracking.add_version(actor, bill.public_id, label=facts["label"], printed_on=printed_on, url=facts["url"])


def _add_hearing(actor: Actor, found: Change, facts: dict[str, Any]) -> None:
    held = hearings.by_upstream_keys(found.coalition_id, [found.upstream_key]).get(found.upstream_key)
    given = _hearing_facts(found, facts)
    if held is None:
        held = hearings.twin(found.coalition_id, given.committee, given.held_on, given.local_time, given.tz)
        if held is not None:
            placing.name_upstream(actor, held, found.upstream_key)
    if held is None:
        held = placing.add_hearing(actor, found.coalition_id, given, [found.bill_id])
    else:
        placing.link_bill(actor, held, found.bill_id)
    found.hearing_id = held.id


def _hearing_facts(found: Change, facts: dict[str, Any]) -> HearingFacts:
    slot = rules.slot_in(facts)
    return HearingFacts(
        title=facts["title"] or facts["committee"] or _("Hearing"),
        held_on=slot.on,
        tz=slot.tz,
        source_name=found.source_name,
        local_time=slot.at,
        committee=facts["committee"],
        place=facts["place"],
        state=facts["state"],
        source_url=facts["url"],
        upstream_key=found.upstream_key,
    )


def _kept_words(hearing: Hearing, found: Change, given: HearingFacts) -> HearingFacts:
    """A move changes when, where and how certain it is; what somebody mended of the rest since it was found stays."""
    kept = replace(given, title=hearing.title, committee=hearing.committee)
    if given.source_url and found.kind == ChangeKind.HEARING_MOVED:
        return kept
    return replace(kept, source_name=hearing.source_name, source_url=hearing.source_url)


def _settle(actor: Actor, found: Change, state: ChangeState) -> None:
    found.state, found.settled_at, found.settled_by = state, clock.now(), actor.user_id
    db.session.flush()
    facts = {"bill_id": found.bill_id, "kind": found.kind}
    audit.record(actor, f"bill_change.{state}", "bill_change", found.id, coalition_id=found.coalition_id, facts=facts)
