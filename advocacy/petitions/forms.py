"""The form of a signature, and the stamp that says when its page was made."""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from functools import lru_cache
from typing import Any

from babel import Locale
from flask import current_app
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length, ValidationError

from advocacy.core import clock, crypto
from advocacy.petitions.models import Display, HeldReason
from advocacy.petitions.rules import normal_postal_code
from advocacy.web.fields import BlockField, LineField, MailField, PersonName, PlainText
from advocacy.web.forms import Form, KeptFields

HOME = "US"
MAX_NAME = 120
MAX_COMMENT = 500
MAX_EMAIL = 254
MAX_STREET = 200
_COUNTRY = re.compile(r"\A[A-Z]{2}\Z")
_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})
_TOO_LONG = _l("Please use at most %(max)d characters.")


def new_stamp(slug: str) -> str:
    """When this copy of the page was made, signed."""
    made_at = f"{int(clock.timestamp() * 1000):x}"
    return f"{made_at}.{_mark(slug, made_at)}"


def stamp_problem(stamp: str, slug: str) -> HeldReason | None:
    """What is wrong with a stamp: missing, forged, or a form filled faster than people can."""
    min_fill_s: float = current_app.extensions["advocacy.settings"].petitions.min_fill_s
    if not min_fill_s:
        return None
    made_at, _dot, mark = stamp.partition(".")
    if not hmac.compare_digest(mark.encode("utf-8", "replace"), _mark(slug, made_at).encode()):
        return HeldReason.STAMP
    age_s = clock.timestamp() - int(made_at, 16) / 1000
    return HeldReason.TOO_FAST if age_s < min_fill_s else None


def _mark(slug: str, made_at: str) -> str:
    text = f"{slug} {made_at}".encode("utf-8", "replace")
    return urlsafe_b64encode(hmac.digest(crypto.derived_key("stamp"), text, "sha256")[:16]).decode().rstrip("=")


@lru_cache(maxsize=16)
def _countries(locale: str) -> list[SelectChoice]:
    names = Locale.parse(locale).territories
    found = sorted((str(name), code) for code, name in names.items() if _COUNTRY.match(code))
    kept = [(code, name) for name, code in found if code not in _NO_COUNTRY]
    ordered = [(HOME, str(names[HOME])), *((code, name) for code, name in kept if code != HOME)]
    return [SelectChoice(value=code, label=name) for code, name in ordered]


@lru_cache(maxsize=1)
def _country_codes() -> frozenset[str]:
    return frozenset(str(choice.value) for choice in _countries("en"))


class CountryField(SelectField):
    """A country, the home country first."""

    def __init__(self, label: Any, **kwargs: Any) -> None:  # noqa: ANN401 - wtforms signature
        super().__init__(label, choices=lambda: _countries(str(get_locale() or "en")), default=HOME, **kwargs)

    def pre_validate(self, form: Form) -> None:
        """Look it up instead of walking through the list."""
        del form
        if self.data not in _country_codes():
            raise ValidationError(self.gettext("Choose a country from the list."))


def _display() -> RadioField:
    choices = [
        SelectChoice(value=Display.HIDDEN.value, label=_l("Do not show my name")),
        SelectChoice(value=Display.FIRST_TOWN.value, label=_l("Show my first name and town")),
        SelectChoice(value=Display.FULL.value, label=_l("Show my full name")),
    ]
    return RadioField(_l("How your name is shown"), choices=choices, default=Display.HIDDEN.value)


def _updates() -> BooleanField:
    return BooleanField(_l("Send me news about this campaign. I can stop this at any time, from any mail."))


class SignForm(Form):
    """What a signer gives; everything else is optional and off."""

    Meta = KeptFields

    name = LineField(
        _l("Your name"),
        [DataRequired(_l("Tell us your name.")), Length(max=MAX_NAME, message=_TOO_LONG), PersonName()],
    )
    email = MailField(
        _l("Email"), [DataRequired(_l("Tell us your email address.")), Length(max=MAX_EMAIL, message=_TOO_LONG)]
    )
    country = CountryField(_l("Country"))
    postal_code = LineField(_l("Postal code"), [Length(max=40, message=_TOO_LONG)])
    comment = BlockField(_l("Why this matters to you"), [Length(max=MAX_COMMENT, message=_TOO_LONG)])
    display = _display()
    updates = _updates()
    website = StringField(_l("Leave this empty"))
    stamp = StringField("")

    def validate_postal_code(self, field: LineField) -> None:
        """Bring it into the form of its country."""
        if field.errors:
            return
        code = normal_postal_code(field.data or "", self.country.data or HOME)
        if code is None or (not code and self.country.data == HOME):
            message = (
                _l("Enter a ZIP code with five digits.")
                if self.country.data == HOME
                else _l("Enter the postal code as it stands on letters, or leave it empty if there is none.")
            )
            raise ValidationError(message)
        field.data = code

    def held_reason(self, slug: str) -> HeldReason | None:
        """Why this looks like a robot's work, if it does."""
        if self.website.data:
            return HeldReason.TRAP
        return stamp_problem(self.stamp.data or "", slug)

    def renew_stamp(self, slug: str) -> None:
        """Before the form is shown again: a stamp that would hold the next try gives way; a good one goes on ageing."""
        if stamp_problem(self.stamp.data or "", slug) is HeldReason.STAMP or not self.stamp.data:
            self.stamp.data = new_stamp(slug)


class StreetSignForm(SignForm):
    """The same where the petition asks for the street."""

    street = LineField(_l("House number and street"), [Length(max=MAX_STREET, message=_TOO_LONG), PlainText()])


class PartnerSignForm(SignForm):
    """The same on a partner's page, with a tick of its own."""

    partner_updates = BooleanField("")


class ManageForm(Form):
    """What signers change from the link in their mails."""

    action = HiddenField(default="change", validators=[AnyOf(["change", "withdraw", "restore"])])
    display = _display()
    updates = _updates()
    partner_updates = BooleanField("")
