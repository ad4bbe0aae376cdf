"""Numbers that show progress, milestones, and who is asked."""

from __future__ import annotations

import math
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.audit import services as audit
from advocacy.campaigns import rules
from advocacy.campaigns.models import Indicator, Measurement, Milestone, MilestoneState, Target, TargetKind
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.queries import plan
from advocacy.campaigns.services import checks, drafting
from advocacy.civic.services import directory
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.reminders import rules as wall
from advocacy.reminders.services import deadlines as reminders

MILESTONE_DUE = "milestone_due"
DUE_TIME = time(17)
"""When a day's work is due, on the clock of the coalition's place."""
MILESTONE = "campaign_milestone"


def add_indicator(
    actor: Actor, campaign_id: str, *, title: str, unit: str, baseline: float | None, target: float | None, on: date
) -> Indicator:
    """Say by which number the goal is judged.

    Raises: NotAllowed, NotFound, RuleBroken naming the field.
    """
    found = drafting.locked(actor, campaign_id)
    first, last = _number(baseline, "baseline"), _number(target, "target")
    if first == last:
        raise RuleBroken(_("The target must differ from where you start."), field="target")
    made = Indicator(
        coalition_id=found.coalition_id,
        campaign_id=found.id,
        public_id=new_public_id(),
        title=checks.require_text(title, "title"),
        unit=checks.require_text(unit, "unit"),
        baseline=first,
        target=last,
        baseline_on=checks.require_not_ahead(on, found.coalition_id, "baseline_on"),
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    _record(actor, "indicator.added", "campaign_indicator", made)
    return made


def add_measurement(actor: Actor, indicator_id: str, *, on: date, value: float | None, source: str) -> Measurement:
    """Note what a number was on a day; a second one of the same day takes the place of the first.

    Raises: NotAllowed, NotFound, RuleBroken naming the field.
    """
    indicator = plan.indicator(actor, indicator_id)
    drafting.require_part_open(actor, indicator.campaign_id)
    checks.require_not_ahead(on, indicator.coalition_id, "measured_on")
    if on < indicator.baseline_on:
        raise RuleBroken(_("This day lies before the first number."), field="measured_on")
    wanted = select(Measurement).where(Measurement.indicator_id == indicator.id, Measurement.measured_on == on)
    made = db.session.execute(wanted.with_for_update()).scalar_one_or_none()
    if made is None:
        made = Measurement(coalition_id=indicator.coalition_id, indicator_id=indicator.id, measured_on=on)
        db.session.add(made)
    made.value, made.source = _number(value, "value"), checks.require_text(source, "source")
    made.added_at = clock.now()
    db.session.flush()
    _record(actor, "indicator.measured", "campaign_indicator", indicator)
    return made


def remove_indicator(actor: Actor, indicator_id: str) -> None:
    """Take a number away, with what was measured.

    Raises: NotAllowed, NotFound.
    """
    indicator = plan.indicator(actor, indicator_id)
    drafting.require_part_open(actor, indicator.campaign_id)
    _record(actor, "indicator.removed", "campaign_indicator", indicator)
    db.session.delete(indicator)
    db.session.flush()


def add_milestone(
    actor: Actor, campaign_id: str, *, title: str, due_on: date, note: str = "", is_public: bool = True
) -> Milestone:
    """Say what is to happen by a day; the organizers are reminded of it.

    Raises: NotAllowed, NotFound, RuleBroken naming the field.
    """
    found = drafting.locked(actor, campaign_id)
    made = Milestone(
        coalition_id=found.coalition_id,
        campaign_id=found.id,
        public_id=new_public_id(),
        title=checks.require_text(title, "title"),
        note=note,
        due_on=due_on,
        state=MilestoneState.PLANNED,
        is_public=is_public,
        changed_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    if not found.is_template:
        set_deadline(made)
    _record(actor, "milestone.added", MILESTONE, made)
    return made


def change_milestone(
    actor: Actor, milestone_id: str, *, version: int, title: str, due_on: date, note: str, is_public: bool
) -> Milestone:
    """Change its words or its day.

    Raises: NotAllowed, NotFound, Conflict, RuleBroken naming the field.
    """
    milestone = _milestone(actor, milestone_id, version)
    milestone.title, milestone.note = checks.require_text(title, "title"), note
    milestone.due_on, milestone.is_public, milestone.changed_at = due_on, is_public, clock.now()
    db.session.flush()
    if milestone.state == MilestoneState.PLANNED:
        set_deadline(milestone)
    _record(actor, "milestone.changed", MILESTONE, milestone)
    return milestone


def settle_milestone(actor: Actor, milestone_id: str, *, version: int, state: str, on: date | None = None) -> Milestone:
    """Say that a milestone was reached, missed or dropped (today, or on a day before), or that it is planned again.

    Raises: NotAllowed, NotFound, Conflict, RuleBroken when the day has not come.
    """
    milestone = _milestone(actor, milestone_id, version)
    if not rules.can_settle(milestone.state, state):
        raise Conflict(_("The milestone cannot take this step from where it stands now."))
    is_planned, settled_on = state == MilestoneState.PLANNED, on or queries.today(milestone.coalition_id)
    checks.require_not_ahead(settled_on, milestone.coalition_id, "settled_on")
    before, milestone.state = milestone.state, state
    milestone.settled_on = None if is_planned else settled_on
    milestone.changed_at = clock.now()
    db.session.flush()
    if is_planned:
        set_deadline(milestone)
    else:
        reminders.drop_deadline(MILESTONE_DUE, MILESTONE, milestone.id)
    _record(actor, "milestone.settled", MILESTONE, milestone, **{"from": before, "to": state})
    return milestone


def add_target(actor: Actor, campaign_id: str, *, kind: str, name: str = "", key: str = "", why: str = "") -> Target:
    """Say who is asked: a legislator by the key of the civic data, a committee, or anybody in free words.

    Raises: NotAllowed, NotFound, Conflict when this legislator is there already, RuleBroken naming the field.
    """
    found = drafting.locked(actor, campaign_id)
    if kind not in set(TargetKind):
        raise RuleBroken(_("Choose who it is."), field="kind")
    if kind == TargetKind.LEGISLATOR:
        official = directory.person(key) if key else None
        if official is None:
            raise RuleBroken(
                _("Nobody in office has this key. Open the directory and copy it from there."), field="key"
            )
        held = select(Target.id).where(Target.campaign_id == found.id, Target.legislator_key == key)
        if db.session.execute(held).first() is not None:
            raise Conflict(_("This person is on the list already."), field="key")
        name = official.name
    made = Target(
        coalition_id=found.coalition_id,
        campaign_id=found.id,
        public_id=new_public_id(),
        kind=kind,
        legislator_key=key if kind == TargetKind.LEGISLATOR else None,
        name=checks.require_text(name, "name"),
        why=why,
    )
    db.session.add(made)
    db.session.flush()
    _record(actor, "target.added", "campaign_target", made, who=kind)
    return made


def remove_target(actor: Actor, target_id: str) -> None:
    """Take somebody off the list.

    Raises: NotAllowed, NotFound.
    """
    target = plan.target(actor, target_id)
    drafting.require_part_open(actor, target.campaign_id)
    _record(actor, "target.removed", "campaign_target", target)
    db.session.delete(target)
    db.session.flush()


def due_instant(coalition_id: int, day: date) -> datetime:
    """When a day's work is due: at five in the afternoon of the coalition's place."""
    return wall.instant_of(datetime.combine(day, DUE_TIME), queries.zone(coalition_id))


def _milestone(actor: Actor, milestone_id: str, version: int) -> Milestone:
    milestone = plan.milestone(actor, milestone_id, lock=True)
    drafting.require_part_open(actor, milestone.campaign_id)
    checks.require_version(milestone.version, version)
    return milestone


def set_deadline(milestone: Milestone) -> None:
    """Have the organizers reminded of a milestone, unless its day is over."""
    at = due_instant(milestone.coalition_id, milestone.due_on)
    if at <= clock.now():
        reminders.drop_deadline(MILESTONE_DUE, MILESTONE, milestone.id)
        return
    reminders.set_deadline(
        kind=MILESTONE_DUE,
        coalition_id=milestone.coalition_id,
        object_kind=MILESTONE,
        object_id=milestone.id,
        due_at=at,
        tz=queries.zone(milestone.coalition_id).key,
    )


def _number(value: float | None, field: str) -> float:
    if value is None or not math.isfinite(value):
        raise RuleBroken(_("Enter a number."), field=field)
    return value


def _record(
    actor: Actor,
    what: str,
    kind: str,
    row: Indicator | Milestone | Target,
    **facts: Any,  # noqa: ANN401 - ids, numbers, states
) -> None:
    audit.record(
        actor, what, kind, row.id, coalition_id=row.coalition_id, facts={"campaign_id": row.campaign_id, **facts}
    )
