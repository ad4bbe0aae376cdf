"""What an organizer writes of numbers, milestones, targets and small actions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FloatField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from advocacy.campaigns import words
from advocacy.campaigns.forms.campaigns import GIVE_DAY, TOO_LONG
from advocacy.campaigns.models import ActionKind, TargetKind
from advocacy.web.fields import BlockField, LineField, VersionField
from advocacy.web.forms import Form

GIVE_NUMBER = _l("Enter a number.")
GIVE_MINUTES = _l("Say how many minutes it takes: a number from 1 up.")
EXPOSURES = [SelectChoice(str(value), label) for value, label in words.EXPOSURES.items()]


class IndicatorForm(Form):
    """A number by which the goal is judged."""

    title = LineField(
        _l("What is counted"), [InputRequired(_l("Say what is counted.")), Length(max=200, message=TOO_LONG)]
    )
    unit = LineField(_l("Unit"), [InputRequired(_l("Name the unit.")), Length(max=60, message=TOO_LONG)])
    baseline = FloatField(_l("Where you start"), [InputRequired(GIVE_NUMBER)])
    target = FloatField(_l("Where you want to be"), [InputRequired(GIVE_NUMBER)])
    baseline_on = DateField(_l("Day of the first number"), [InputRequired(GIVE_DAY)])


class MeasurementForm(Form):
    """What the number was on a day."""

    value = FloatField(_l("Number"), [InputRequired(GIVE_NUMBER)])
    measured_on = DateField(_l("On which day"), [InputRequired(GIVE_DAY)])
    source = LineField(_l("Source"), [InputRequired(_l("Name the source.")), Length(max=200, message=TOO_LONG)])


class MilestoneForm(Form):
    """What is to happen by a day."""

    title = LineField(
        _l("What is to happen"), [InputRequired(_l("Say what is to happen.")), Length(max=200, message=TOO_LONG)]
    )
    due_on = DateField(_l("By which day"), [InputRequired(GIVE_DAY)])
    note = BlockField(_l("Note"), [Optional(), Length(max=2000, message=TOO_LONG)])
    is_public = BooleanField(_l("Show it on the public page"))
    version = VersionField()


class TargetForm(Form):
    """Who is asked."""

    kind = SelectField(
        _l("Who it is"), choices=[SelectChoice(str(value), label) for value, label in words.TARGETS.items()]
    )
    name = LineField(_l("Name"), [Optional(), Length(max=200, message=TOO_LONG)])
    key = LineField(_l("Key in the directory"), [Optional(), Length(max=60, message=TOO_LONG)])
    why = LineField(_l("Why this one"), [Optional(), Length(max=300, message=TOO_LONG)])

    @property
    def is_legislator(self) -> bool:
        """Whether the key counts rather than the name."""
        return bool(self.kind.data == TargetKind.LEGISLATOR)


class ActionForm(Form):
    """Something small that people can do."""

    kind = SelectField(
        _l("Kind"),
        choices=[
            SelectChoice(str(value), words.ACTIONS[value][0]) for value in (ActionKind.SHARE, ActionKind.POSITION_ONLY)
        ],
    )
    title = LineField(_l("Title"), [InputRequired(_l("Enter a title.")), Length(max=200, message=TOO_LONG)])
    text = BlockField(
        _l("What to do"), [InputRequired(_l("Say what people can do.")), Length(max=2000, message=TOO_LONG)]
    )
    words = BlockField(_l("Words to copy"), [Optional(), Length(max=1000, message=TOO_LONG)])
    effort_minutes = IntegerField(
        _l("Minutes it takes"), [InputRequired(GIVE_MINUTES), NumberRange(min=1, max=43200, message=GIVE_MINUTES)]
    )
    exposure = SelectField(_l("Who sees it"), choices=EXPOSURES)
