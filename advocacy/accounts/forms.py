"""What people type to sign in and to keep their account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from advocacy.web.fields import LineField, MailField, PersonName
from advocacy.web.forms import Form


class SignInForm(Form):
    """Address and password; the address is not checked, so that the answer is the same for every address."""

    email = LineField(_l("E-mail address"), [InputRequired(_l("Enter your e-mail address."))])
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password."))])
    next = HiddenField()


class PasswordForm(Form):
    """The present password and the one to come."""

    current = PasswordField(_l("Present password"), [InputRequired(_l("Enter your present password."))])
    password = PasswordField(_l("New password"), [InputRequired(_l("Enter a new password."))])


class SetUpForm(Form):
    """The first administrator."""

    name = LineField(
        _l("Your name"),
        [
            InputRequired(_l("Enter your name.")),
            Length(max=120, message=_l("Use at most %(max)d characters.")),
            PersonName(),
        ],
    )
    email = MailField(_l("E-mail address"), [InputRequired(_l("Enter your e-mail address."))])
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter a password."))])
