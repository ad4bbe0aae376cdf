"""What administrators type about their coalition."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from advocacy.coalitions.words import ROLE_WORDS
from advocacy.web.fields import LineField, MailField, PersonName
from advocacy.web.forms import Form

_ROLES = [SelectChoice(str(role), words) for role, words in ROLE_WORDS.items()]


class InviteForm(Form):
    """A role for an address, whether it has an account or not."""

    email = MailField(_l("E-mail address"), [InputRequired(_l("Enter an e-mail address."))])
    role = SelectField(_l("Role"), choices=_ROLES)


class RoleForm(Form):
    """One more role for somebody who has one here."""

    person = SelectField(_l("Person"), choices=[], validate_choice=False)
    more = SelectField(_l("One more role"), choices=_ROLES)


class JoinForm(Form):
    """A new account, by an invitation."""

    name = LineField(
        _l("Your name"),
        [
            InputRequired(_l("Enter your name.")),
            Length(max=120, message=_l("Use at most %(max)d characters.")),
            PersonName(),
        ],
    )
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter a password."))])


class CoalitionForm(Form):
    """A coalition to be made."""

    name = LineField(
        _l("Name"), [InputRequired(_l("Enter a name.")), Length(max=200, message=_l("Use at most %(max)d characters."))]
    )
    slug = LineField(_l("Short name for its addresses"), [InputRequired(_l("Enter a short name."))])
    tz = LineField(_l("Time zone"), [InputRequired(_l("Enter a time zone."))])
