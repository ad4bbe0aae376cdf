"""What people type about organizations, and what organizations type to join."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from advocacy.coalitions import governance_words as words
from advocacy.coalitions.models import DecisionRule
from advocacy.coalitions.organization_models import Leave, Membership, TaxStatus, Tier
from advocacy.coalitions.organization_queries import contact_of
from advocacy.coalitions.services.organizing import Terms
from advocacy.web.fields import BlockField, LineField, MailField, PersonName, VersionField
from advocacy.web.forms import Form

_LONG = _l("Use at most %(max)d characters.")
_WEB = re.compile(r"\A(?:https?://[^\s<>\"]+)?\Z")


def choices_of(found: Mapping[str, object]) -> list[SelectChoice]:
    """The answers of a field, from a table of words."""
    return [SelectChoice(str(value), label) for value, label in found.items()]


class OrganizationForm(Form):
    """What a coalition knows of an organization."""

    name = LineField(_l("Name"), [InputRequired(_l("Enter a name.")), Length(max=200, message=_LONG)])
    website = LineField(
        _l("Website"),
        [
            Optional(),
            Length(max=200, message=_LONG),
            Regexp(_WEB, message=_l("Enter the whole address, beginning with https://")),
        ],
    )
    tier = RadioField(_l("How closely does it belong?"), choices=choices_of(words.TIER_WORDS), default=str(Tier.MEMBER))
    mou_version = LineField(_l("Memorandum, version"), [Optional(), Length(max=20, message=_LONG)])
    mou_signed_on = DateField(_l("Signed on"), [Optional()])
    name_use = RadioField(
        _l("May we show its name in public?"), choices=choices_of(words.LEAVE_WORDS), default=str(Leave.ASK_EACH)
    )
    logo_use = RadioField(_l("May we show its logo?"), choices=choices_of(words.LEAVE_WORDS), default=str(Leave.NEVER))
    tax_status = SelectField(_l("Kind"), choices=choices_of(words.TAX_WORDS), default=str(TaxStatus.OTHER))
    h_election = BooleanField(_l("It made the 501(h) election"))
    may_lobby = BooleanField(_l("It may lobby"))
    is_lead = BooleanField(_l("It leads the coalition"))
    contact_name = LineField(_l("Contact person"), [Optional(), Length(max=120, message=_LONG), PersonName()])
    contact_email = MailField(_l("E-mail address of the contact"), [Optional(), Length(max=254, message=_LONG)])
    version = VersionField()

    def terms(self) -> Terms:
        """The answers as the service takes them."""
        return Terms(**{name: self[name].data for name in Terms.__dataclass_fields__ if self[name].data is not None})

    @classmethod
    def of_membership(cls, found: Membership) -> OrganizationForm:
        """Filled from the posted form, else from the row."""
        contact = contact_of(found)
        given: dict[str, Any] = {name: getattr(found, name) for name in Terms.__dataclass_fields__}
        given |= {"contact_name": contact.name if contact else "", "contact_email": contact.email if contact else ""}
        return cls.of_request(**given, version=found.version)


class JoinRequestForm(Form):
    """A request to join, from somebody without an account."""

    organization = LineField(
        _l("Name of your organization"),
        [InputRequired(_l("Tell us the name of your organization.")), Length(max=200, message=_LONG)],
    )
    name = LineField(
        _l("Your name"),
        [InputRequired(_l("Tell us your name.")), Length(max=120, message=_LONG), PersonName()],
    )
    email = MailField(_l("Email"), [InputRequired(_l("Tell us your email address.")), Length(max=254, message=_LONG)])
    message = BlockField(_l("What brings you here?"), [Optional(), Length(max=2000, message=_LONG)])
    website = StringField(_l("Leave this empty"))


class AcceptForm(Form):
    """How closely a new organization belongs."""

    tier = SelectField(
        _l("How closely does it belong?"), choices=choices_of(words.TIER_WORDS), default=str(Tier.MEMBER)
    )


class RepresentativeForm(Form):
    """Who acts for an organization: an address, which gets an invitation."""

    email = MailField(_l("E-mail address"), [InputRequired(_l("Enter an e-mail address."))])


class SettingsForm(Form):
    """How the coalition decides and what its public page says."""

    about = BlockField(_l("What the coalition is"), [Length(max=5000, message=_LONG)])
    decision_rule = RadioField(
        _l("How do you decide?"), choices=choices_of(words.RULE_WORDS), default=str(DecisionRule.MAJORITY)
    )
    quorum_pct = IntegerField(
        _l("How many of a hundred organizations must vote?"),
        [InputRequired(_l("Enter a number.")), NumberRange(1, 100, message=_l("A share is a number from 1 to 100."))],
    )
    spokesperson_policy = BlockField(_l("Who speaks for the coalition"), [Length(max=5000, message=_LONG)])
    ask_limit = IntegerField(
        _l("How often may one person be asked?"),
        [Optional(), NumberRange(0, 100, message=_l("Enter a number from 0 to 100."))],
    )
    ask_window_days = IntegerField(
        _l("Within how many days?"),
        [Optional(), NumberRange(1, 365, message=_l("Enter a number from 1 to 365."))],
    )
