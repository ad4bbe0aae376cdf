"""What administrators type about their coalition."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from advocacy.coalitions.models import RoleName
from advocacy.web.fields import LineField, MailField
from advocacy.web.forms import Form

ROLE_WORDS = {
    RoleName.ADMIN: _l("Administrator"),
    RoleName.ORGANIZER: _l("Organizer"),
    RoleName.VOLUNTEER: _l("Volunteer"),
    RoleName.SPEAKER: _l("Speaker"),
    RoleName.CARE_LEAD: _l("Care lead"),
    RoleName.REVIEWER: _l("Reviewer"),
    RoleName.GRIEVANCE_OFFICER: _l("Grievance officer"),
    RoleName.OBSERVER: _l("Observer"),
}


class RoleForm(Form):
    """A role for an account that exists."""

    email = MailField(_l("E-mail address of the account"), [InputRequired(_l("Enter an e-mail address."))])
    role = SelectField(_l("Role"), choices=[SelectChoice(str(role), words) for role, words in ROLE_WORDS.items()])


class CoalitionForm(Form):
    """A coalition to be made."""

    name = LineField(
        _l("Name"), [InputRequired(_l("Enter a name.")), Length(max=200, message=_l("Use at most %(max)d characters."))]
    )
    slug = LineField(_l("Short name for its addresses"), [InputRequired(_l("Enter a short name."))])
    tz = LineField(_l("Time zone"), [InputRequired(_l("Enter a time zone."))])
