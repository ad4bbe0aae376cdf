"""Ladders in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from advocacy.consent.models import Purpose
from advocacy.mailings import ladder_rules
from advocacy.mailings.ladder_models import EnrollmentState, Entry, LadderState, StepKind
from advocacy.web.templating import day

STATES: dict[str, tuple[object, str]] = {
    LadderState.DRAFT: (_l("Draft"), "plain"),
    LadderState.ACTIVE: (_l("Active"), "good"),
    LadderState.PAUSED: (_l("Paused"), "warn"),
    LadderState.CLOSED: (_l("Takes nobody new"), "info"),
    LadderState.STOPPED: (_l("Stopped"), "plain"),
}
PURPOSES: dict[str, object] = {
    Purpose.CAMPAIGN_NEWS: _l("News about campaigns"),
    Purpose.ACTION_ALERT: _l("Calls to act"),
    Purpose.EVENT: _l("Meetings and hearings"),
}
ENTRIES: dict[str, object] = {
    Entry.OPT_IN: _l("They agree to these mails"),
    Entry.SIGNED: _l("They sign a petition"),
    Entry.HAND: _l("Only by hand"),
}
PEOPLE: dict[str, object] = {
    EnrollmentState.WAITING: _l("On their way"),
    EnrollmentState.DONE: _l("Came to the end"),
    EnrollmentState.LEFT: _l("Left before"),
    EnrollmentState.FAILED: _l("Stuck"),
}
REASONS: dict[str, object] = {
    "opted_out": _l("took their leave back"),
    "goal_reached": _l("did what it is for"),
    "stopped": _l("the ladder was stopped"),
    "taken_out": _l("taken out by hand"),
    "gone": _l("no longer known"),
}
KINDS: dict[str, object] = {
    "mail": _l("Send a mail"),
    "wait": _l("Wait"),
    "decide": _l("Decide"),
    "go": _l("Go to a step"),
    "end": _l("End here"),
}
WEEKDAYS = [
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
]
PROBLEMS: dict[str, object] = {
    "no_mail": _l("It sends no mail yet. Add one."),
    "too_many": _l("It has too many steps."),
    "lost_target": _l("It leads to a step that is gone. Choose another."),
    "unreachable": _l("Nobody ever comes here. Move it, or take it out."),
    "loop": _l("From here the way leads back here, so people would go in circles."),
    "date_past": _l("This day has passed."),
    "no_text": _l("The mail has no subject or no text."),
}


def kind_of(kind: str, settings: Mapping[str, Any]) -> str:
    """The one word by which the pages call a step."""
    return str(settings["do"]) if kind == StepKind.ACT else kind


def sentence(step: ladder_rules.Step, titles: Mapping[int, str]) -> str:
    """What a step does, in a line; ``titles`` names petitions."""
    settings = step.settings
    if step.kind == StepKind.WAIT:
        return _wait(settings)
    if step.kind == StepKind.DECIDE:
        return _question(settings, titles)
    if settings["do"] == ladder_rules.MAIL:
        return str(_("Mail: %(subject)s", subject=settings["subject"]))
    return str(KINDS[settings["do"]])


def target(goal: str | int, places: Mapping[int, int]) -> str:
    """Where a step leads; ``places`` gives the place of each step."""
    if goal == ladder_rules.NEXT:
        return str(_("the next step"))
    if goal == ladder_rules.END or int(goal) not in places:
        return str(_("the end"))
    return str(_("step %(number)s", number=places[int(goal)]))


def _wait(settings: Mapping[str, Any]) -> str:
    if settings["way"] == ladder_rules.FOR:
        amount = int(settings["amount"])
        if settings["unit"] == "hours":
            return str(ngettext("Wait %(num)s hour", "Wait %(num)s hours", amount))
        return str(ngettext("Wait %(num)s day", "Wait %(num)s days", amount))
    if settings["way"] == ladder_rules.ON_DATE:
        return str(_("Wait until %(day)s, %(time)s", day=day(settings["date"]), time=settings["time"]))
    names = [str(WEEKDAYS[number]) for number in settings["weekdays"]]
    return str(
        _(
            "Wait until %(days)s, %(time)s",
            days=format_list(names, style="or", locale=get_locale() or "en"),
            time=settings["time"],
        )
    )


def _question(settings: Mapping[str, Any], titles: Mapping[int, str]) -> str:
    test = settings["test"]
    if test == ladder_rules.SIGNED:
        return str(_("Have they signed “%(title)s”?", title=titles.get(int(settings["petition"]), "…")))
    if test == ladder_rules.OPTED_IN:
        return str(_("Did they agree to: %(purpose)s?", purpose=PURPOSES[settings["purpose"]]))
    if test == ladder_rules.IN_STATE:
        return str(_("Do they live in %(states)s?", states=", ".join(settings["states"])))
    return str(_("Is their language “%(language)s”?", language=settings["language"]))
