"""Forms about people in office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from advocacy.outreach.services.holding import NOTE_LENGTH, Held
from advocacy.outreach.words import STRENGTHS
from advocacy.web.fields import BlockField
from advocacy.web.forms import Form

TOO_LONG = _l("Please use at most %(max)d characters.")
GIVE_DAY = _l("Give the day.")


class RelationshipForm(Form):
    """Who holds the contact to somebody in office."""

    holder = SelectField(_l("Who holds it"), coerce=int, validators=[InputRequired(_l("Choose somebody."))])
    strength = RadioField(
        _l("How strong it is"),
        coerce=int,
        choices=[SelectChoice(value, label) for value, label in STRENGTHS.items()],
        validators=[InputRequired(_l("Choose how strong it is."))],
    )
    since_on = DateField(_l("Since when they know each other"), [InputRequired(GIVE_DAY)])
    note = BlockField(_l("Note"), [Optional(), Length(max=NOTE_LENGTH, message=TOO_LONG)])
    replaces = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def offer(self, names: Mapping[int, str]) -> None:
        """Let the organizer pick people of the coalition."""
        people = sorted(names.items(), key=lambda one: (one[1].casefold(), one[0]))
        self.holder.choices = [SelectChoice(user_id, name) for user_id, name in people]

    @property
    def held(self) -> Held:
        """What was said."""
        return Held(self.holder.data, self.strength.data, self.since_on.data, self.note.data or "")


class EndForm(Form):
    """Which row a button ends."""

    replaces = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


def choices(words: Mapping[Any, Any]) -> Sequence[SelectChoice]:
    """Words as choices of a list."""
    return [SelectChoice(str(value), label) for value, label in words.items()]
