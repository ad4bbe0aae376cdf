"""Forms of people who sign a letter for themselves."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length

from advocacy.signons.people_models import PersonShown
from advocacy.web.fields import LineField, MailField, PersonName, VersionField
from advocacy.web.forms import Form

_TOO_LONG = _l("Please use at most %(max)d characters.")


def _shown() -> RadioField:
    return RadioField(
        _l("How you stand under the letter"),
        choices=[
            SelectChoice(PersonShown.FULL.value, _l("My name and my town")),
            SelectChoice(PersonShown.COUNTED.value, _l("Counted, but not named")),
        ],
        default=PersonShown.FULL.value,
    )


class PersonForm(Form):
    """What somebody fills in who signs for themselves."""

    name = LineField(
        _l("Your name"), [InputRequired(_l("Tell us your name.")), Length(max=120, message=_TOO_LONG), PersonName()]
    )
    place = LineField(
        _l("Your town"), [InputRequired(_l("Tell us your town.")), Length(max=120, message=_TOO_LONG), PersonName()]
    )
    email = MailField(
        _l("Email"), [InputRequired(_l("Tell us your email address.")), Length(max=254, message=_TOO_LONG)]
    )
    shown = _shown()
    consent = BooleanField("", [InputRequired(_l("We need your yes to put your name under the letter."))])
    text_version = VersionField()
    website = StringField(_l("Leave this empty"))


class PersonManageForm(Form):
    """What a person changes from the link in a mail."""

    action = HiddenField(default="change", validators=[AnyOf(["change", "again", "take_back"])])
    shown = _shown()
    text_version = VersionField()


class PersonConfirmForm(Form):
    """Which words were on the page when the button was pressed."""

    text_version = VersionField()
