"""Deadlines in words: how they are counted, how they stand, why somebody was reminded or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from advocacy.core import clock
from advocacy.reminders import rules
from advocacy.reminders.desk_queries import Shown
from advocacy.reminders.models import Deadline, DeadlineState, ReminderState
from advocacy.web.templating import when

STATES: Mapping[str, tuple[Any, str]] = {
    DeadlineState.UPCOMING: (_l("To come"), "info"),
    DeadlineState.MET: (_l("Done"), "good"),
    DeadlineState.MISSED: (_l("Overdue"), "danger"),
    DeadlineState.VOID: (_l("Dropped"), "plain"),
}
SHOWN: Mapping[str, Any] = {
    Shown.AHEAD: _l("To come"),
    Shown.OVERDUE: _l("Overdue"),
    Shown.OVER: _l("Done or dropped"),
}
FORMS: Mapping[str, Any] = {
    "fixed": _l("On a fixed day and time"),
    "elapsed": _l("So many hours before or after an event"),
    "wall": _l("So many days before or after an event"),
    "business": _l("So many business days before or after an event"),
}
SAID: Mapping[str, tuple[Any, str]] = {
    "scheduled": (_l("Planned"), "info"),
    "claimed": (_l("Leaving now"), "info"),
    ReminderState.QUEUED: (_l("On its way"), "info"),
    ReminderState.DONE: (_l("Sent"), "good"),
    ReminderState.SUPERSEDED: (_l("Replaced"), "plain"),
    ReminderState.SUPPRESSED: (_l("Not sent"), "warn"),
    ReminderState.SKIPPED: (_l("Skipped"), "warn"),
}
REASONS: Mapping[str, Any] = {
    "moved": _l("The deadline was moved."),
    "deadline_moved": _l("The deadline was moved."),
    "dropped": _l("The deadline was dropped."),
    "deadline_dropped": _l("The deadline was dropped."),
    "done": _l("It was done before."),
    "deadline_passed": _l("The deadline had passed before it could be sent."),
    "newer_one_said": _l("A later reminder was due as well; only that one was sent."),
    "quiet_hours": _l("Quiet hours left no time for it before the deadline."),
    "nobody_to_remind": _l("Nobody was chosen who may see it."),
    "no_address": _l("The account has no address any more."),
    "no_longer_matters": _l("It mattered no more when it was to be sent."),
    "no_longer_asked": _l("The person was no longer among those to remind."),
    "paused": _l("The person paused reminders."),
    "snoozed": _l("The person put this one off."),
}


def reason(code: str | None) -> str:
    """Why a reminder was not sent, for people."""
    return str(REASONS.get(code, _("Held back when it was to be sent."))) if code else ""


def rule_words(row: Deadline) -> str:
    """How a deadline is counted."""
    rule = None if row.rule is None else rules.of_data(row.rule)
    if rule is None or isinstance(rule, rules.Fixed) or row.event_at is None:
        return str(_("A fixed day and time"))
    event = when(row.event_at, row.tz)
    if isinstance(rule, rules.Elapsed):
        known = {"number": f"{abs(rule.hours):g}", "event": event}
        if rule.hours < 0:
            return str(_("%(number)s h after %(event)s", **known))
        return str(_("%(number)s h before %(event)s", **known))
    found = _days(rule, event)
    return str(_("%(rule)s, at %(time)s", rule=found, time=rule.at)) if rule.at else found


def _days(rule: rules.Wall | rules.Business, event: str) -> str:
    days, is_after = abs(rule.days), rule.days < 0
    if isinstance(rule, rules.Business):
        known = {"event": event, "calendar": rule.calendar}
        before = ngettext(
            "%(num)d business day (%(calendar)s) before %(event)s",
            "%(num)d business days (%(calendar)s) before %(event)s",
            days,
            **known,
        )
        after = ngettext(
            "%(num)d business day (%(calendar)s) after %(event)s",
            "%(num)d business days (%(calendar)s) after %(event)s",
            days,
            **known,
        )
    else:
        before = ngettext("%(num)d day before %(event)s", "%(num)d days before %(event)s", days, event=event)
        after = ngettext("%(num)d day after %(event)s", "%(num)d days after %(event)s", days, event=event)
    return str(after if is_after else before)


def checked(row: Deadline) -> str:
    """How long ago somebody read the rule at its source; a rule is never more certain than that."""
    if row.verified_at is None:
        return str(_("Nobody noted a check; confirm on the official notice."))
    days = max((clock.now() - row.verified_at).days, 0)
    if days == 0:
        return str(_("Checked today, confirm on the official notice."))
    return str(
        ngettext(
            "Checked %(num)d day ago, confirm on the official notice.",
            "Checked %(num)d days ago, confirm on the official notice.",
            days,
        )
    )
