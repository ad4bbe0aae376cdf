"""What an organizer says to have a bill tracked."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from advocacy.civic.services import legislatures
from advocacy.web.fields import LineField
from advocacy.web.forms import Form

TOO_LONG = _l("This is too long.")


def _codes() -> list[SelectChoice]:
    return [SelectChoice(code, name) for code, name in legislatures.codes()]


class TrackForm(Form):
    """Where a bill is asked for."""

    code = SelectField(_l("Legislature"), [InputRequired(_l("Choose a state from the list."))])
    session = LineField(_l("Session"), [InputRequired(_l("Name the session.")), Length(max=60, message=TOO_LONG)])
    identifier = LineField(
        _l("Number"), [InputRequired(_l("Give the number of the bill.")), Length(max=40, message=TOO_LONG)]
    )

    def offer(self) -> None:
        """Let the organizer choose a legislature."""
        self.code.choices = _codes()


class SearchForm(Form):
    """What is looked for."""

    code = SelectField(_l("Legislature"), [InputRequired(_l("Choose a state from the list."))])
    words = LineField(
        _l("Number or words"),
        [InputRequired(_l("Give the number of the bill, or words of its title.")), Length(max=120, message=TOO_LONG)],
    )

    def offer(self) -> None:
        """Let the organizer choose a legislature."""
        self.code.choices = _codes()


class FollowForm(TrackForm):
    """A bill that was found, as the page showed it."""

    title = LineField(_l("Title"), [InputRequired(_l("Enter a title.")), Length(max=300, message=TOO_LONG)])
    url = HiddenField(validators=[Optional(), Length(max=500, message=TOO_LONG)])


class DecideForm(Form):
    """What the page showed when somebody decided."""

    version = HiddenField(validators=[InputRequired()])
