"""People who agreed, and ladders for them, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from sqlalchemy import select

from advocacy.consent import services as consent
from advocacy.consent.models import Purpose
from advocacy.core import uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.mailings.ladder_models import Enrollment, Entry, Ladder, LadderState, LadderStep, StepKind
from advocacy.mailings.services import laddering
from advocacy.supporters import services as supporters
from advocacy.supporters.models import Person

_number = count(1)
HELLO = (StepKind.ACT, {"do": "mail", "subject": "Welcome, {name}", "body": "Good that you are here.\n\nMore soon."})
MORE = (StepKind.ACT, {"do": "mail", "subject": "A first step", "body": "Tell a friend."})


def days(amount: int, unit: str = "days") -> tuple[str, dict[str, Any]]:
    """A wait."""
    return StepKind.WAIT, {"way": "for", "amount": amount, "unit": unit}


def make_person(
    coalition_id: int, email: str | None = None, *, name: str = "Maren Solberg", agrees: bool = True
) -> int:
    """Somebody the coalition knows, who may be written to unless told otherwise; gives the person's id."""
    with uow.unit():
        person_id = supporters.person_for_email(
            system_actor(), coalition_id, name, email or f"climber{next(_number)}@example.org"
        )
        if agrees:
            agree(coalition_id, person_id)
    return person_id


def agree(coalition_id: int, person_id: int) -> None:
    """Let a person agree to news, within a unit."""
    consent.opt_in(system_actor(), coalition_id, person_id, Purpose.CAMPAIGN_NEWS, proof={"kind": "test"})


def take_back(coalition_id: int, person_id: int) -> None:
    """Let a person take their leave back."""
    with uow.unit():
        consent.withdraw_opt_in(system_actor(), coalition_id, person_id, Purpose.CAMPAIGN_NEWS)


def make_ladder(
    coalition_id: int,
    *steps: tuple[str, dict[str, Any]],
    published: bool = True,
    entry: str = Entry.OPT_IN,
    name: str = "Welcome",
    **facts: Any,
) -> Ladder:
    """A ladder, committed and detached; published unless told otherwise. Its steps are named 1, 2, 3."""
    actor = system_actor(coalition_id=coalition_id)
    given = laddering.LadderFacts(name=name, purpose=Purpose.CAMPAIGN_NEWS, entry=entry, **facts)
    with uow.unit():
        ladder = laddering.create_ladder(actor, coalition_id, given)
        for kind, settings in steps or (HELLO, days(2), MORE):
            laddering.add_step(actor, ladder.public_id, kind, settings)
        if published:
            laddering.publish(actor, ladder.public_id)
        ladder_id = ladder.id
    with uow.reading():
        found = db.session.get_one(Ladder, ladder_id)
        db.session.expunge(found)
    return found


def ways(ladder: Ladder) -> Sequence[Enrollment]:
    """Everybody who is or was on a ladder, detached."""
    with uow.reading():
        rows = list(
            db.session.execute(
                select(Enrollment).where(Enrollment.ladder_id == ladder.id).order_by(Enrollment.id)
            ).scalars()
        )
        db.session.expunge_all()
    return rows


def steps(ladder: Ladder) -> dict[int, LadderStep]:
    """All steps of a ladder's versions by id, detached."""
    with uow.reading():
        rows = list(
            db.session.execute(select(LadderStep).where(LadderStep.coalition_id == ladder.coalition_id)).scalars()
        )
        db.session.expunge_all()
    return {row.id: row for row in rows}


def begin_draft(ladder: Ladder, *without: int) -> None:
    """Begin to change a published ladder, without some of its steps."""
    actor = system_actor(coalition_id=ladder.coalition_id)
    with uow.unit():
        laddering.begin_draft(actor, ladder.public_id)
        for ref in without:
            laddering.remove_step(actor, ladder.public_id, ref)


def public_id_of(person_id: int) -> str:
    """The id by which pages name a person."""
    with uow.reading():
        return db.session.get_one(Person, person_id).public_id


def stop(ladder: Ladder) -> None:
    """Stop a ladder for good; its people are let go when the worker comes to it."""
    with uow.unit():
        laddering.move_ladder(system_actor(coalition_id=ladder.coalition_id), ladder.public_id, LadderState.STOPPED)
