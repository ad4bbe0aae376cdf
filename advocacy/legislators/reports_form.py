"""The form by which visitors say that an answer is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Length

from advocacy.legislators.report_models import MAX_EXPECTED, ReportOutcome, ReportReason
from advocacy.web.fields import LineField, PlainText
from advocacy.web.forms import Form

_REASONS: dict[str, Any] = {
    ReportReason.DISTRICT: _l("This is not my district"),
    ReportReason.PERSON: _l("Somebody else holds this seat"),
    ReportReason.LEFT: _l("This person has left office"),
    ReportReason.CONTACT: _l("The phone number or web form does not work"),
}
_OUTCOMES: dict[str, Any] = {
    ReportOutcome.MENDED: _l("Mended"),
    ReportOutcome.RIGHT: _l("It was right"),
    ReportOutcome.UNCLEAR: _l("Cannot be told"),
}


def reason_words() -> dict[str, Any]:
    """What each reason is called."""
    return _REASONS


def outcome_words() -> dict[str, Any]:
    """What each outcome is called."""
    return _OUTCOMES


class ReportForm(Form):
    """What was wrong, and what was expected; ``name_people`` offers those who were shown."""

    reason = RadioField(
        _l("What is wrong?"),
        [AnyOf(list(_REASONS), message=_l("Please say what is wrong."))],
        choices=[SelectChoice(str(reason), words) for reason, words in _REASONS.items()],
        validate_choice=False,
    )
    expected = LineField(
        _l("Whom or which district did you expect?"),
        [Length(max=MAX_EXPECTED, message=_l("Please use at most %(max)d characters.")), PlainText()],
    )
    person = SelectField(_l("About whom?"), choices=[], validate_choice=False)
    divisions = HiddenField("")

    def name_people(self, people: Mapping[str, str]) -> Self:
        """Offer these, by key, besides nobody in particular."""
        self.person.choices = [SelectChoice("", _l("Nobody in particular"))]
        self.person.choices += [SelectChoice(key, name) for key, name in people.items()]
        return self
