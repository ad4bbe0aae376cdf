"""Where a ladder leads and when: pure arithmetic, used when steps are taken, checked and tried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, Protocol, TypeVar
from zoneinfo import ZoneInfo

from advocacy.mailings.ladder_models import LadderState, StepKind
from advocacy.reminders.rules import instant_of

MAX_STEPS = 40
MAX_WAIT_DAYS = 366
NEXT: Literal["next"] = "next"
END: Literal["end"] = "end"
MAIL, GO, STOP = "mail", "go", "end"  # what an act does
FOR, ON_DATE, ON_WEEKDAY = "for", "date", "weekday"  # how a wait ends
SIGNED, OPTED_IN, IN_STATE, LANGUAGE = "signed", "opted_in", "in_state", "language"  # what a decision asks

TRANSITIONS: dict[LadderState, frozenset[LadderState]] = {
    LadderState.DRAFT: frozenset({LadderState.ACTIVE}),
    LadderState.ACTIVE: frozenset({LadderState.PAUSED, LadderState.CLOSED, LadderState.STOPPED}),
    LadderState.PAUSED: frozenset({LadderState.ACTIVE, LadderState.CLOSED, LadderState.STOPPED}),
    LadderState.CLOSED: frozenset({LadderState.ACTIVE, LadderState.STOPPED}),
    LadderState.STOPPED: frozenset(),
}


class Step(Protocol):
    """What is needed of a step; ``ladder_models.LadderStep`` has it."""

    @property
    def ref(self) -> Any: ...  # noqa: ANN401, D102 - an integer, mapped or not
    @property
    def kind(self) -> Any: ...  # noqa: ANN401, D102 - a StepKind's text, mapped or not
    @property
    def settings(self) -> Any: ...  # noqa: ANN401, D102 - a mapping, mapped or not


S = TypeVar("S", bound=Step)


@dataclass(frozen=True)
class Manner:
    """How somebody is to be written to: their zone, and the hours and the time in which they are left in peace."""

    zone: ZoneInfo
    quiet_from: time = time(21)
    quiet_to: time = time(8)
    paused_until: datetime | None = None


@dataclass(frozen=True)
class Moment:
    """One thing that would happen to somebody on a ladder: which step, when, and what came of it."""

    ref: int
    at: datetime
    outcome: str


@dataclass(frozen=True)
class Problem:
    """What stands against publishing; ``ref`` names the step, 0 the whole ladder."""

    code: str
    ref: int = 0


# --- when ---------------------------------------------------------------------------------------------------------


def wait_until(settings: Mapping[str, Any], start: datetime, zone: ZoneInfo) -> datetime:
    """When a wait that begins at ``start`` is over; days are days of the zone's calendar, hours are hours."""
    if settings["way"] == FOR:
        amount = int(settings["amount"])
        if settings["unit"] == "hours":
            return start.astimezone(UTC) + timedelta(hours=amount)
        return _at_local(start, zone, timedelta(days=amount))
    wall = time.fromisoformat(settings["time"])
    if settings["way"] == ON_DATE:
        return max(start, instant_of(datetime.combine(date.fromisoformat(settings["date"]), wall), zone))
    today = start.astimezone(zone).date()
    days = [today + timedelta(days=ahead) for ahead in range(9)]
    hits = (instant_of(datetime.combine(day, wall), zone) for day in days if day.weekday() in settings["weekdays"])
    return next(hit for hit in hits if hit >= start)


def mail_at(now: datetime, manner: Manner, mailed_at: datetime | None = None) -> datetime:
    """The first instant from ``now`` on at which a mail is welcome; ``mailed_at``: the last one that day.

    After a mail the next leaves on another day of the person's, at the earliest at the same time of day.
    """
    at = now if manner.paused_until is None else max(now, manner.paused_until)
    if mailed_at is not None and at.astimezone(manner.zone).date() <= mailed_at.astimezone(manner.zone).date():
        at = max(at, _at_local(mailed_at, manner.zone, timedelta(days=1)))
    return _after_quiet(at, manner)


def _after_quiet(at: datetime, manner: Manner) -> datetime:
    local = at.astimezone(manner.zone)
    begin, end, now = manner.quiet_from, manner.quiet_to, local.time()
    is_over_night = begin > end
    is_quiet = (now >= begin or now < end) if is_over_night else begin <= now < end
    if not is_quiet:
        return at
    day = local.date() + timedelta(days=1 if is_over_night and now >= begin else 0)
    return instant_of(datetime.combine(day, end), manner.zone)


def _at_local(start: datetime, zone: ZoneInfo, ahead: timedelta) -> datetime:
    local = start.astimezone(zone).replace(tzinfo=None, fold=0)
    return instant_of(local + ahead, zone).astimezone(UTC)


# --- where to -----------------------------------------------------------------------------------------------------


def targets(step: Step) -> list[str | int]:
    """Where a step can lead: ``next``, ``end`` or the ``ref`` of a step."""
    if step.kind == StepKind.DECIDE:
        return [step.settings["yes"], step.settings["no"]]
    if step.kind == StepKind.ACT and step.settings["do"] == GO:
        return [step.settings["to"]]
    return [END] if step.kind == StepKind.ACT and step.settings["do"] == STOP else [NEXT]


def follow(steps: Sequence[S], step: S, target: str | int) -> S | None:
    """The step that a target of ``step`` means; ``None`` is the end."""
    if target == END:
        return None
    if target == NEXT:
        place = [one.ref for one in steps].index(step.ref) + 1
        return steps[place] if place < len(steps) else None
    return next((one for one in steps if one.ref == target), None)


def problems(steps: Sequence[Step], today: date) -> list[Problem]:
    """What stands against publishing these steps."""
    if not any(step.kind == StepKind.ACT and step.settings["do"] == MAIL for step in steps):
        return [Problem("no_mail")]
    known = {step.ref for step in steps}
    reached = _reached(steps)
    found = [Problem("too_many")] if len(steps) > MAX_STEPS else []
    for step in steps:
        if any(isinstance(target, int) and target not in known for target in targets(step)):
            found.append(Problem("lost_target", step.ref))
        if step.ref not in reached:
            found.append(Problem("unreachable", step.ref))
        found += [Problem(code, step.ref) for code in _faults(step, today)]
    looping = _first_loop(steps)
    return found if looping is None else [*found, Problem("loop", looping)]


def _faults(step: Step, today: date) -> list[str]:
    settings = step.settings
    if step.kind == StepKind.WAIT and settings["way"] == ON_DATE and date.fromisoformat(settings["date"]) <= today:
        return ["date_past"]
    if step.kind == StepKind.ACT and settings["do"] == MAIL and not (settings["subject"] and settings["body"]):
        return ["no_text"]
    return []


def _reached(steps: Sequence[Step]) -> set[int]:
    seen: set[int] = set()
    waiting = [steps[0]] if steps else []
    while waiting:
        step = waiting.pop()
        if step.ref not in seen:
            seen.add(step.ref)
            ahead = (follow(steps, step, target) for target in targets(step))
            waiting += [one for one in ahead if one is not None]
    return seen


def _first_loop(steps: Sequence[Step]) -> int | None:
    """A step from which a way leads back to itself: each is taken once, so somebody would be stuck."""
    for step in steps:
        ahead = (follow(steps, step, target) for target in targets(step))
        waiting, seen = [one for one in ahead if one is not None], set()
        while waiting:
            one = waiting.pop()
            if one.ref == step.ref:
                return int(step.ref)
            if one.ref not in seen:
                seen.add(one.ref)
                waiting += [after for target in targets(one) if (after := follow(steps, one, target)) is not None]
    return None


# --- trying it out ------------------------------------------------------------------------------------------------


def simulate(
    steps: Sequence[Step], answers: Mapping[int, bool], start: datetime, manner: Manner, *, is_one_mail_a_day: bool
) -> list[Moment]:
    """What would happen to somebody who comes in at ``start`` and answers so, assuming that nothing stops them."""
    told: list[Moment] = []
    step, now, mailed_at = (steps[0] if steps else None), start, None
    while step is not None and len(told) <= MAX_STEPS:
        outcome, target = "done", targets(step)[0]
        if step.kind == StepKind.WAIT:
            now = wait_until(step.settings, now, manner.zone)
        elif step.kind == StepKind.DECIDE:
            outcome = "yes" if answers.get(step.ref, False) else "no"
            target = step.settings[outcome]
        elif step.settings["do"] == MAIL:
            now = mail_at(now, manner, mailed_at if is_one_mail_a_day else None)
            mailed_at = now
        told.append(Moment(step.ref, now, outcome))
        step = follow(steps, step, target)
    return told
