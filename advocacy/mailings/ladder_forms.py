"""What people type about ladders."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from advocacy.mailings import ladder_rules, ladder_words
from advocacy.mailings.audiences import Rule
from advocacy.mailings.ladder_models import Entry, Ladder, LadderStep, LadderVersion, StepKind
from advocacy.mailings.ladder_rules import END, NEXT
from advocacy.mailings.services.laddering import LadderFacts
from advocacy.petitions.models import Petition
from advocacy.reminders.rules import instant_of
from advocacy.web.fields import BlockField, LineField, VersionField
from advocacy.web.forms import Form
from advocacy.web.locales import NAMES

_LONG = _l("Use at most %(max)d characters.")
_STATE = re.compile(r"[A-Z]{2}")
_NEEDED = _l("Please fill this in.")
DAYS_MAX = 730


def _choices(words: Mapping[str, object]) -> list[SelectChoice]:
    return [SelectChoice(str(code), label) for code, label in words.items()]


def _petitions(petitions: Sequence[Petition], none: object) -> list[SelectChoice]:
    return [SelectChoice("", none), *(SelectChoice(str(one.id), one.title[:120]) for one in petitions)]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


class RulesForm(Form):
    """Whom a ladder takes, and when somebody leaves it."""

    name = LineField(_l("Name for your own list"), [InputRequired(_NEEDED), Length(max=120, message=_LONG)])
    purpose = RadioField(_l("Only people who agreed to"), choices=_choices(ladder_words.PURPOSES))
    entry = RadioField(_l("People come in when"), choices=_choices(ladder_words.ENTRIES))
    entry_petition = SelectField(_l("Which petition"), [Optional()])
    goal_petition = SelectField(_l("They leave early when they sign"), [Optional()])
    again_after_days = IntegerField(
        _l("They may come in again after so many days"), [Optional(), NumberRange(1, DAYS_MAX)]
    )
    is_one_mail_a_day = BooleanField(_l("At most one mail of a ladder to a person a day"), default=True)
    version = VersionField()

    @classmethod
    def of(
        cls, petitions: Sequence[Petition], ladder: Ladder | None = None, found: LadderVersion | None = None
    ) -> RulesForm:
        """Filled from the posted form, or from a draft."""
        given: dict[str, Any] = {"purpose": "campaign_news", "entry": str(Entry.OPT_IN), "version": 0}
        if ladder is not None and found is not None:
            given = {
                "name": ladder.name,
                "version": ladder.version,
                "purpose": found.purpose,
                "entry": found.entry,
                "entry_petition": str(found.entry_petition_id or ""),
                "goal_petition": str(found.goal_petition_id or ""),
                "again_after_days": found.again_after_days,
                "is_one_mail_a_day": found.is_one_mail_a_day,
            }
        form = cls.of_request(**given)
        form.entry_petition.choices = _petitions(petitions, _("None"))
        form.goal_petition.choices = _petitions(petitions, _("None"))
        return form

    def facts(self) -> LadderFacts:
        """What was filled in."""
        return LadderFacts(
            name=self.name.data or "",
            purpose=self.purpose.data or "",
            entry=self.entry.data or "",
            entry_petition_id=_number(self.entry_petition.data),
            goal_petition_id=_number(self.goal_petition.data),
            again_after_days=self.again_after_days.data,
            is_one_mail_a_day=bool(self.is_one_mail_a_day.data),
        )


class MailForm(Form):
    """A mail of a ladder."""

    subject = LineField(_l("Subject"), [InputRequired(_NEEDED), Length(max=120, message=_LONG)])
    body = BlockField(_l("Text"), [InputRequired(_NEEDED), Length(max=20_000, message=_LONG)])

    def settings(self) -> dict[str, Any]:
        """The step as it is stored."""
        return {"do": ladder_rules.MAIL, "subject": self.subject.data, "body": self.body.data}


class WaitForm(Form):
    """How long to wait."""

    way = RadioField(
        _l("Wait"),
        choices=[
            SelectChoice(ladder_rules.FOR, _l("for some time")),
            SelectChoice(ladder_rules.ON_DATE, _l("until a day")),
            SelectChoice(ladder_rules.ON_WEEKDAY, _l("until a day of the week")),
        ],
        default=ladder_rules.FOR,
    )
    amount = IntegerField(_l("How long"), [Optional(), NumberRange(1, ladder_rules.MAX_WAIT_DAYS)])
    unit = SelectField(
        _l("Days or hours"), choices=[SelectChoice("days", _l("days")), SelectChoice("hours", _l("hours"))]
    )
    date = DateField(_l("Day"), [Optional()])
    weekdays = SelectMultipleField(
        _l("Days of the week"),
        choices=[SelectChoice(number, name) for number, name in enumerate(ladder_words.WEEKDAYS)],
        coerce=int,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    time = TimeField(_l("Time of day"), [Optional()])

    def validate_way(self, field: RadioField) -> None:
        """Ask for what this way needs."""
        needed = {
            ladder_rules.FOR: [self.amount],
            ladder_rules.ON_DATE: [self.date, self.time],
            ladder_rules.ON_WEEKDAY: [self.weekdays, self.time],
        }
        for one in needed.get(field.data, []):
            if not one.errors and (one.data is None or one.data == []):
                raise ValidationError(_("Fill in: %(field)s", field=one.label.text))

    def settings(self) -> dict[str, Any]:
        """The step as it is stored."""
        if self.way.data == ladder_rules.FOR:
            return {"way": ladder_rules.FOR, "amount": self.amount.data, "unit": self.unit.data}
        clock = self.time.data.strftime("%H:%M") if self.time.data else ""
        if self.way.data == ladder_rules.ON_DATE and self.date.data:
            return {"way": ladder_rules.ON_DATE, "date": self.date.data.isoformat(), "time": clock}
        return {"way": ladder_rules.ON_WEEKDAY, "weekdays": sorted(self.weekdays.data or []), "time": clock}


class DecideForm(Form):
    """A question with yes and no."""

    test = RadioField(
        _l("Ask"),
        choices=[
            SelectChoice(ladder_rules.SIGNED, _l("whether they signed a petition")),
            SelectChoice(ladder_rules.OPTED_IN, _l("whether they agreed to a kind of mail")),
            SelectChoice(ladder_rules.IN_STATE, _l("whether they live in a state")),
            SelectChoice(ladder_rules.LANGUAGE, _l("whether they read a language")),
        ],
        default=ladder_rules.SIGNED,
    )
    petition = SelectField(_l("Petition"), [Optional()])
    purpose = SelectField(_l("Kind of mail"), choices=_choices(ladder_words.PURPOSES))
    states = LineField(_l("States"), [Length(max=200, message=_LONG)])
    language = SelectField(_l("Language"), choices=_choices(dict(NAMES)))
    yes = SelectField(_l("If yes, go to"))
    no = SelectField(_l("If no, go to"))

    def validate_test(self, field: RadioField) -> None:
        """Ask for what this question needs."""
        if field.data == ladder_rules.SIGNED and not self.petition.data:
            raise ValidationError(_("Choose the petition."))
        codes = self.codes()
        if field.data == ladder_rules.IN_STATE and (not codes or not all(map(_STATE.fullmatch, codes))):
            raise ValidationError(_("Give states by their two letters, as OR, WA."))

    def codes(self) -> list[str]:
        """The states."""
        return sorted(set(re.split(r"[\s,;]+", (self.states.data or "").upper())) - {""})

    def settings(self) -> dict[str, Any]:
        """The step as it is stored."""
        asked: dict[str, dict[str, Any]] = {
            ladder_rules.SIGNED: {"petition": _number(self.petition.data)},
            ladder_rules.OPTED_IN: {"purpose": self.purpose.data},
            ladder_rules.IN_STATE: {"states": self.codes()},
            ladder_rules.LANGUAGE: {"language": self.language.data},
        }
        return {"test": self.test.data, **asked[self.test.data], "yes": _goal(self.yes.data), "no": _goal(self.no.data)}


class GoForm(Form):
    """Go to a step."""

    to = SelectField(_l("Go to"))

    def settings(self) -> dict[str, Any]:
        """The step as it is stored."""
        return {"do": ladder_rules.GO, "to": _goal(self.to.data)}


class EndForm(Form):
    """The end."""

    def settings(self) -> dict[str, Any]:
        """The step as it is stored."""
        return {"do": ladder_rules.STOP}


FORMS: dict[str, type[MailForm | WaitForm | DecideForm | GoForm | EndForm]] = {
    "mail": MailForm,
    "wait": WaitForm,
    "decide": DecideForm,
    "go": GoForm,
    "end": EndForm,
}
STORED_AS = {"wait": StepKind.WAIT, "decide": StepKind.DECIDE}
"""All other forms write acts."""


def step_form(
    kind: str, steps: Sequence[LadderStep], petitions: Sequence[Petition], step: LadderStep | None = None
) -> MailForm | WaitForm | DecideForm | GoForm | EndForm:
    """The form of a step, filled from what was posted or from the step."""
    given = dict(step.settings) if step is not None else {}
    if isinstance(given.get("states"), list):
        given["states"] = ", ".join(given["states"])
    form_class = FORMS[kind]
    form = form_class.of_request(**_typed(given))
    goals = [SelectChoice(NEXT, _("the next step")), SelectChoice(END, _("the end"))]
    goals += [SelectChoice(str(one.ref), _("step %(number)s", number=one.rung + 1)) for one in steps if one is not step]
    for name in ("yes", "no", "to"):
        if name in form:
            form[name].choices = goals
    if "petition" in form:
        form["petition"].choices = _petitions(petitions, _("None"))
    return form


class TryForm(Form):
    """When somebody comes in, to see what would happen; each decision's answer stands beside it."""

    starts_at = DateTimeLocalField(_l("Somebody comes in at"), [Optional()])


class AddForm(Form):
    """Whom to bring in by hand."""

    signed = SelectField(_l("Who signed"), [Optional()])
    unsigned = SelectField(_l("And did not sign"), [Optional()])

    @classmethod
    def of(cls, petitions: Sequence[Petition]) -> AddForm:
        """Filled from the posted form."""
        form = cls.of_request()
        form.signed.choices = _petitions(petitions, _("Whatever they signed"))
        form.unsigned.choices = _petitions(petitions, _("None"))
        return form

    def rule(self, purpose: Any) -> Rule:  # noqa: ANN401 - a Purpose
        """The audience."""
        return Rule(purpose, signed_id=_number(self.signed.data), unsigned_id=_number(self.unsigned.data))


def start_of(form: TryForm, zone: ZoneInfo) -> Any:  # noqa: ANN401 - an instant or nothing
    """The instant that was chosen, if one was."""
    return instant_of(form.starts_at.data, zone) if form.starts_at.data else None


def _goal(text: str | None) -> str | int:
    return int(text) if text and text.isdecimal() else (text or NEXT)


def _typed(given: Mapping[str, Any]) -> dict[str, Any]:
    """What JSON kept as text or number, as the fields want it."""
    found = dict(given)
    if found.get("date"):
        found["date"] = date.fromisoformat(found["date"])
    if found.get("time"):
        found["time"] = time.fromisoformat(found["time"])
    for name in ("petition", "yes", "no", "to"):
        if name in found:
            found[name] = str(found[name])
    return found
