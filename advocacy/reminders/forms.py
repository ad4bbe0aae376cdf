"""What an organizer writes of a deadline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FloatField,
    RadioField,
    SelectField,
    SelectMultipleField,
    SubmitField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from advocacy.core.errors import RuleBroken
from advocacy.reminders import calendars, kinds, rules
from advocacy.reminders.models import Deadline
from advocacy.reminders.own_models import OwnDeadline
from advocacy.reminders.services.keeping import OwnWords
from advocacy.reminders.words import FORMS
from advocacy.web.fields import BlockField, LineField, VersionField
from advocacy.web.forms import Form

TOO_LONG = _l("This is too long.")
BEFORE, AFTER = "before", "after"


class DeadlineForm(Form):
    """A deadline that a coalition keeps itself."""

    title = LineField(_l("What is due"), [InputRequired(_l("Say what is due.")), Length(max=200, message=TOO_LONG)])
    kind = SelectField(_l("What it is for"))
    note = BlockField(_l("Note"), [Optional(), Length(max=2000, message=TOO_LONG)])
    tz = SelectField(_l("Time zone of the place"))
    form = RadioField(_l("When"))
    due_on = DateField(_l("Day"), [Optional()])
    due_time = TimeField(_l("Time there"), [Optional()])
    event_on = DateField(_l("Day of the event"), [Optional()])
    event_time = TimeField(_l("Time of the event"), [Optional()])
    count = FloatField(
        _l("How many hours or days"),
        [Optional(), NumberRange(min=0, max=rules.MOST_HOURS, message=_l("Enter a number that is not below 0."))],
    )
    side = SelectField(_l("Before or after"))
    at = TimeField(_l("Time on that day"), [Optional()])
    calendar = SelectField(_l("Holidays of"))
    closed = LineField(_l("Other days when offices are closed"), [Optional(), Length(max=800, message=TOO_LONG)])
    source = LineField(_l("Where this stands"), [Optional(), Length(max=500, message=TOO_LONG)])
    is_checked = BooleanField(_l("I read it there today"))
    people = SelectMultipleField(
        _l("Who is reminded"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    preview = SubmitField(_l("Show the date"))
    version = VersionField()

    def offer(self, members: Mapping[int, str]) -> None:
        """Let the organizer choose."""
        self.kind.choices = [SelectChoice(str(kind), label) for kind, label in kinds.LABELS.items()]
        self.tz.choices = [SelectChoice(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
        self.form.choices = [SelectChoice(form, label) for form, label in FORMS.items()]
        self.side.choices = [SelectChoice(BEFORE, _("before")), SelectChoice(AFTER, _("after"))]
        self.calendar.choices = [SelectChoice(code, code) for code in calendars.of_united_states()]
        self.people.choices = [SelectChoice(key, name) for key, name in sorted(members.items(), key=lambda one: one[1])]

    def words(self) -> OwnWords:
        """What was written, as plain values.

        Raises: RuleBroken naming the field.
        """
        is_fixed = self.form.data == "fixed"
        return OwnWords(
            title=self.title.data,
            rule=self._fixed() if is_fixed else self._counted(),
            tz=self.tz.data,
            event_at=None if is_fixed else self._event_at(),
            kind=self.kind.data,
            note=self.note.data or "",
            source=self.source.data or "",
            is_checked=self.is_checked.data,
            people=self.people.data or (),
        )

    def _fixed(self) -> rules.Fixed:
        if self.due_on.data is None:
            raise RuleBroken(_("Give the day."), field="due_on")
        local = datetime.combine(self.due_on.data, self.due_time.data or time(17))
        return rules.Fixed(local, self.tz.data)

    def _event_at(self) -> datetime:
        if self.event_on.data is None:
            raise RuleBroken(_("Say from which day it is counted."), field="event_on")
        local = datetime.combine(self.event_on.data, self.event_time.data or time(9))
        try:
            return rules.instant_of(local, ZoneInfo(self.tz.data))
        except OverflowError:
            raise RuleBroken(_("This leads too far away. Please look at the date again."), field="event_on") from None

    def _counted(self) -> rules.type_rule:
        given = self.count.data
        if given is None:
            raise RuleBroken(_("Say how many."), field="count")
        count: float = -given if self.side.data == AFTER else given
        data: dict[str, Any] = {"form": self.form.data}
        if self.form.data == "elapsed":
            data["hours"] = count
        elif count != int(count):
            raise RuleBroken(_("Whole days only."), field="count")
        else:
            data |= {"days": int(count), "at": f"{self.at.data:%H:%M}" if self.at.data else None}
        if self.form.data == "business":
            data |= {"calendar": self.calendar.data, "closed": self._closed()}
        try:
            return rules.of_data(data)
        except ValueError:
            raise RuleBroken(_("This leads too far away. Please look at the date again."), field="count") from None

    def _closed(self) -> list[str]:
        days = (self.closed.data or "").replace(",", " ").split()
        if len(days) > rules.MOST_CLOSED:
            raise RuleBroken(_("This is too long."), field="closed")
        try:
            return [date.fromisoformat(one).isoformat() for one in days]
        except ValueError:
            raise RuleBroken(_("Write each day as year-month-day, for example 2027-11-26."), field="closed") from None


def filled(found: OwnDeadline, row: Deadline, people: list[int]) -> dict[str, Any]:
    """What the form shows of a deadline that is kept already."""
    known: dict[str, Any] = {
        "title": found.title,
        "kind": found.kind,
        "note": found.note,
        "tz": row.tz,
        "source": row.source,
        "people": people,
        "version": found.version,
    }
    rule = (
        rules.of_data(row.rule) if row.rule is not None else rules.Fixed(datetime.fromisoformat(row.due_local), row.tz)
    )
    known["form"] = rule.form
    if row.event_at is not None:
        event = row.event_at.astimezone(ZoneInfo(row.tz))
        known |= {"event_on": event.date(), "event_time": event.time()}
    if isinstance(rule, rules.Fixed):
        return known | {"due_on": rule.local.date(), "due_time": rule.local.time()}
    count = rule.hours if isinstance(rule, rules.Elapsed) else rule.days
    known |= {"count": abs(count), "side": AFTER if count < 0 else BEFORE}
    if isinstance(rule, rules.Wall | rules.Business) and rule.at:
        known["at"] = time.fromisoformat(rule.at)
    if isinstance(rule, rules.Business):
        known |= {"calendar": rule.calendar, "closed": " ".join(day.isoformat() for day in rule.closed)}
    return known
