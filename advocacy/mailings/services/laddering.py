"""Write ladders: rules and steps of a draft version, published at once, never changed after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from advocacy.audit import services as audit
from advocacy.campaigns.services import checks
from advocacy.coalitions import queries as coalitions
from advocacy.coalitions import rules as roles
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.mailings import ladder_queries as queries
from advocacy.mailings import ladder_rules
from advocacy.mailings.audiences import PURPOSES
from advocacy.mailings.ladder_models import Entry, Ladder, LadderState, LadderStep, LadderVersion
from advocacy.mailings.services import entering
from advocacy.petitions.models import Petition

_KEPT = ("purpose", "entry", "entry_petition_id", "goal_petition_id", "again_after_days", "is_one_mail_a_day")


@dataclass(frozen=True)
class LadderFacts:
    """Whom a ladder takes, for what, and when somebody leaves it."""

    name: str
    purpose: str
    entry: str
    entry_petition_id: int | None = None
    goal_petition_id: int | None = None
    again_after_days: int | None = None
    is_one_mail_a_day: bool = True


def create_ladder(actor: Actor, coalition_id: int, facts: LadderFacts) -> Ladder:
    """Begin a ladder with an empty draft.

    Raises: NotAllowed, RuleBroken naming the field.
    """
    roles.require(actor, queries.MANAGE, coalition_id)
    now = clock.now()
    made = Ladder(coalition_id=coalition_id, public_id=new_public_id(), state=LadderState.DRAFT, created_at=now)
    draft = LadderVersion(coalition_id=coalition_id, number=1, created_at=now)
    _fill(made, draft, facts)
    db.session.add(made)
    db.session.flush()
    draft.ladder_id = made.id
    db.session.add(draft)
    db.session.flush()
    _record(actor, "ladder.created", made)
    return made


def change_rules(actor: Actor, public_id: str, facts: LadderFacts, *, version: int) -> Ladder:
    """Change the name, and the rules of the draft.

    Raises: NotAllowed, NotFound, Conflict, RuleBroken naming the field.
    """
    ladder, draft = _draft(actor, public_id)
    checks.require_version(ladder.version, version)
    _fill(ladder, draft, facts)
    db.session.flush()
    return ladder


def add_step(actor: Actor, public_id: str, kind: str, settings: Mapping[str, Any]) -> LadderStep:
    """Put a step at the end of the draft.

    Raises: NotAllowed, NotFound, RuleBroken when there are too many.
    """
    ladder, draft = _draft(actor, public_id)
    steps = queries.steps_of(draft.id)
    if len(steps) >= ladder_rules.MAX_STEPS:
        raise RuleBroken(_("A ladder has at most %(max)s steps.", max=ladder_rules.MAX_STEPS))
    made = LadderStep(
        coalition_id=ladder.coalition_id,
        version_id=draft.id,
        ref=max((step.ref for step in steps), default=0) + 1,
        rung=len(steps),
        kind=kind,
        settings=dict(settings),
    )
    db.session.add(made)
    db.session.flush()
    return made


def change_step(actor: Actor, public_id: str, ref: int, settings: Mapping[str, Any]) -> None:
    """Write a step of the draft anew.

    Raises: NotAllowed, NotFound.
    """
    _ladder, _version, _steps, step = _draft_step(actor, public_id, ref)
    step.settings = dict(settings)
    db.session.flush()


def move_step(actor: Actor, public_id: str, ref: int, *, up: bool) -> None:
    """Move a step one place; at the end nothing happens.

    Raises: NotAllowed, NotFound.
    """
    _ladder, draft, steps, step = _draft_step(actor, public_id, ref)
    to = step.rung + (-1 if up else 1)
    if 0 <= to < len(steps):
        order = [one for one in steps if one is not step]
        order.insert(to, step)
        _renumber(draft, order)


def remove_step(actor: Actor, public_id: str, ref: int) -> None:
    """Take a step out of the draft.

    Raises: NotAllowed, NotFound.
    """
    _ladder, draft, steps, step = _draft_step(actor, public_id, ref)
    db.session.execute(delete(LadderStep).where(LadderStep.id == step.id))
    db.session.expunge(step)
    _renumber(draft, [one for one in steps if one is not step])


def begin_draft(actor: Actor, public_id: str) -> Ladder:
    """Copy the published version into a draft, to change it; one that is there already stays.

    Raises: NotAllowed, NotFound, Conflict when the ladder is over.
    """
    ladder = queries.ladder(actor, public_id, queries.MANAGE, lock=True)
    if ladder.state == LadderState.STOPPED:
        raise Conflict(_("This ladder is over. Begin a new one."))
    if queries.draft_of(ladder) is not None:
        return ladder
    current = queries.current_of(ladder)
    kept = {name: getattr(current, name) for name in _KEPT}
    made = LadderVersion(
        coalition_id=ladder.coalition_id,
        ladder_id=ladder.id,
        number=queries.last_number(ladder) + 1,
        created_at=clock.now(),
        **kept,
    )
    db.session.add(made)
    db.session.flush()
    for step in queries.steps_of(current.id):
        db.session.add(
            LadderStep(
                coalition_id=step.coalition_id,
                version_id=made.id,
                ref=step.ref,
                rung=step.rung,
                kind=step.kind,
                settings=dict(step.settings),
            )
        )
    db.session.flush()
    return ladder


def drop_draft(actor: Actor, public_id: str) -> Ladder:
    """Throw a draft of changes away; the published version goes on.

    Raises: NotAllowed, NotFound, Conflict when nothing else is published.
    """
    ladder, draft = _draft(actor, public_id)
    if ladder.current == 0:
        raise Conflict(_("Nothing of this ladder is published yet."))
    db.session.execute(delete(LadderStep).where(LadderStep.version_id == draft.id))
    db.session.execute(delete(LadderVersion).where(LadderVersion.id == draft.id))
    db.session.expire_all()
    return ladder


def publish(actor: Actor, public_id: str) -> Ladder:
    """Let new people go by the draft from now on; those who are on an earlier version keep it and their waits.

    Raises: NotAllowed, NotFound, RuleBroken while the check finds something.
    """
    ladder, draft = _draft(actor, public_id)
    steps = queries.steps_of(draft.id)
    today = clock.now().astimezone(ZoneInfo(coalitions.coalition(ladder.coalition_id).tz)).date()
    if ladder_rules.problems(steps, today):
        raise RuleBroken(_("This ladder cannot be published yet. The check says what to mend."))
    draft.published_at = clock.now()
    db.session.flush()
    ladder.current = draft.number
    if ladder.state == LadderState.DRAFT:
        ladder.state = LadderState.ACTIVE
    db.session.flush()
    _record(actor, "ladder.published", ladder)
    return ladder


def move_ladder(actor: Actor, public_id: str, state: LadderState) -> Ladder:
    """Pause, resume, close or stop a ladder.

    Raises: NotAllowed, NotFound, Conflict when it cannot go there.
    """
    ladder = queries.ladder(actor, public_id, queries.MANAGE, lock=True)
    if state not in ladder_rules.TRANSITIONS[LadderState(ladder.state)] or ladder.current == 0:
        raise Conflict(_("The ladder changed meanwhile. Please look again."))
    ladder.state = state
    db.session.flush()
    if state == LadderState.STOPPED:
        entering.end_later(ladder.id)
    _record(actor, f"ladder.{state}", ladder)
    return ladder


def _draft(actor: Actor, public_id: str) -> tuple[Ladder, LadderVersion]:
    ladder = queries.ladder(actor, public_id, queries.MANAGE, lock=True)
    draft = queries.draft_of(ladder)
    if draft is None:
        raise NotFound(_("There is no draft of this ladder."))
    return ladder, draft


def _draft_step(
    actor: Actor, public_id: str, ref: int
) -> tuple[Ladder, LadderVersion, Sequence[LadderStep], LadderStep]:
    ladder, draft = _draft(actor, public_id)
    steps = queries.steps_of(draft.id)
    step = next((one for one in steps if one.ref == ref), None)
    if step is None:
        raise NotFound(_("This step is not here any more."))
    return ladder, draft, steps, step


def _renumber(draft: LadderVersion, order: Sequence[LadderStep]) -> None:
    """Number the rungs anew; first all out of the way, as no two may have one number even in between."""
    aside = update(LadderStep).where(LadderStep.version_id == draft.id).values(rung=-1 - LadderStep.rung)
    db.session.execute(aside.execution_options(synchronize_session=False))
    for rung, step in enumerate(order):
        place = update(LadderStep).where(LadderStep.id == step.id).values(rung=rung)
        db.session.execute(place.execution_options(synchronize_session=False))
    for step in order:
        db.session.refresh(step)


def _fill(ladder: Ladder, draft: LadderVersion, facts: LadderFacts) -> None:
    if facts.purpose not in set(PURPOSES):
        raise RuleBroken(_("Choose what people agreed to."), field="purpose")
    if facts.entry not in set(Entry):
        raise RuleBroken(_("Choose what brings people in."), field="entry")
    if facts.entry == Entry.SIGNED and facts.entry_petition_id is None:
        raise RuleBroken(_("Choose the petition."), field="entry_petition")
    for petition_id, field in ((facts.entry_petition_id, "entry_petition"), (facts.goal_petition_id, "goal_petition")):
        _require_petition(ladder.coalition_id, petition_id, field)
    ladder.name = checks.require_text(facts.name, "name")
    draft.purpose, draft.entry = facts.purpose, facts.entry
    draft.entry_petition_id = facts.entry_petition_id if facts.entry == Entry.SIGNED else None
    draft.goal_petition_id = facts.goal_petition_id
    draft.again_after_days, draft.is_one_mail_a_day = facts.again_after_days, facts.is_one_mail_a_day


def _require_petition(coalition_id: int, petition_id: int | None, field: str) -> None:
    wanted = select(Petition.id).where(Petition.coalition_id == coalition_id, Petition.id == petition_id)
    if petition_id is not None and db.session.execute(wanted).scalar_one_or_none() is None:
        raise RuleBroken(_("Choose the petition."), field=field)


def _record(actor: Actor, what: str, ladder: Ladder) -> None:
    facts = {"state": str(ladder.state), "version": ladder.current}
    audit.record(actor, what, "ladder", ladder.id, coalition_id=ladder.coalition_id, facts=facts)
