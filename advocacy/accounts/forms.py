"""What people type to sign in and to keep their account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from advocacy.web.fields import LineField, MailField, PersonName
from advocacy.web.forms import Form
from advocacy.web.locales import NAMES


class SignInForm(Form):
    """Address and password; the address is not checked, so that the answer is the same for every address."""

    email = LineField(_l("E-mail address"), [InputRequired(_l("Enter your e-mail address."))])
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password."))])
    next = HiddenField()


class CodeForm(Form):
    """A code of an app, or one from paper."""

    code = LineField(_l("Code"), [InputRequired(_l("Enter the code."))])
    next = HiddenField()


class AgainForm(Form):
    """The password once more."""

    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password."))])
    next = HiddenField()


class PasskeyForm(Form):
    """What the browser's authenticator answered, put here by a script."""

    name = LineField(_l("Name for this passkey"), [Length(max=60, message=_l("Use at most %(max)d characters."))])
    credential = HiddenField()
    next = HiddenField()


class RecoverForm(Form):
    """The address of whoever forgot the password; not checked, so that the answer is the same for every address."""

    email = LineField(_l("E-mail address"), [InputRequired(_l("Enter your e-mail address."))])


class NewPasswordForm(Form):
    """A new password, by a mailed link."""

    password = PasswordField(_l("New password"), [InputRequired(_l("Enter a new password."))])


class ProfileForm(Form):
    """How the person is called, and in which language we write."""

    name = LineField(
        _l("Your name"),
        [
            InputRequired(_l("Enter your name.")),
            Length(max=120, message=_l("Use at most %(max)d characters.")),
            PersonName(),
        ],
    )
    locale = SelectField(_l("Language"), choices=[SelectChoice(code, name) for code, name in NAMES.items()])


class EmailForm(Form):
    """A new address."""

    email = MailField(_l("New e-mail address"), [InputRequired(_l("Enter an e-mail address."))])


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
