"""What organizers type about people in office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from advocacy.civic.places import ALL_BY_CODE
from advocacy.legislators import words
from advocacy.legislators.forms import DirectoryForm
from advocacy.legislators.models import OfficeKind, StaffRole, Way
from advocacy.legislators.rules import FIELDS, LIMITS, Facts
from advocacy.legislators.services.noting import Office, Person, Preference
from advocacy.web.fields import BlockField, LineField, MailField, PersonName, VersionField
from advocacy.web.forms import Form

_LONG = _l("Please use at most %(max)d characters.")


def _choices(found: Mapping[Any, Any], empty: Any = None) -> list[SelectChoice]:  # noqa: ANN401 - lazily translated
    first = [SelectChoice("", empty)] if empty is not None else []
    return [*first, *(SelectChoice(str(value), label) for value, label in found.items())]


def _line(field: str) -> LineField:
    return LineField(words.FIELDS[field], [Length(max=LIMITS[field], message=_LONG)])


class DeskDirectoryForm(DirectoryForm):
    """Filters of the directory at the desk."""

    whose = SelectField(
        _l("List"),
        default="",
        choices=[
            SelectChoice("", _l("Everybody")),
            SelectChoice("own", _l("Added by your coalition")),
            SelectChoice("packs", _l("From public lists")),
            SelectChoice("away", _l("Taken off your list")),
        ],
    )


class LawmakerForm(Form):
    """One of the coalition's own lawmakers."""

    full_name = LineField(
        words.FIELDS["full_name"], [InputRequired(_l("Give a name.")), Length(max=120, message=_LONG)]
    )
    title = _line("title")
    body = _line("body")
    district = _line("district")
    state = SelectField(
        words.FIELDS["state"], default="", choices=_choices({p.code: p.name for p in ALL_BY_CODE.values()}, _l("None"))
    )
    division_id = _line("division_id")
    party = _line("party")
    starts_on = DateField(words.FIELDS["starts_on"], [Optional()])
    ends_on = DateField(words.FIELDS["ends_on"], [Optional()])
    phone = _line("phone")
    fax = _line("fax")
    email = _line("email")
    contact_form = _line("contact_form")
    url = _line("url")
    address = _line("address")
    hours = _line("hours")
    external_key = _line("external_key")
    version = VersionField()

    def facts(self) -> Facts:
        """What was filled in."""
        return Facts(**{name: self[name].data for name in FIELDS})


class TermForm(Form):
    """A seat held before, or to be held."""

    title = LineField(words.FIELDS["title"], [InputRequired(_l("Give the title.")), Length(max=80, message=_LONG)])
    body = _line("body")
    district = _line("district")
    starts_on = DateField(words.FIELDS["starts_on"], [InputRequired(_l("Give the day."))])
    ends_on = DateField(words.FIELDS["ends_on"], [Optional()])


class OfficeForm(Form):
    """An office."""

    kind = SelectField(_l("What it is"), choices=_choices(words.SITES), default=str(OfficeKind.DISTRICT))
    city = LineField(_l("Town"), [Length(max=60, message=_LONG)])
    address = LineField(_l("Address"), [Length(max=200, message=_LONG)])
    phone = _line("phone")
    fax = _line("fax")
    hours = _line("hours")
    checked_on = DateField(_l("Checked on"), [Optional()])
    version = VersionField()

    def office(self) -> Office:
        """What was filled in."""
        return Office(**{name: self[name].data for name in Office.__dataclass_fields__})


class StaffForm(Form):
    """Somebody who works for a person in office."""

    name = LineField(
        words.FIELDS["full_name"], [InputRequired(_l("Give a name.")), Length(max=120, message=_LONG), PersonName()]
    )
    role = SelectField(_l("Role"), choices=_choices(words.STAFF), default=str(StaffRole.POLICY))
    topics = LineField(_l("What they look after"), [Length(max=200, message=_LONG)])
    email = MailField(words.FIELDS["email"], [Optional(), Length(max=254, message=_LONG)])
    phone = _line("phone")
    checked_on = DateField(_l("Checked on"), [Optional()])
    version = VersionField()

    def person(self) -> Person:
        """What was filled in."""
        return Person(**{name: self[name].data for name in Person.__dataclass_fields__})


class PreferenceForm(Form):
    """How an office wants to be reached."""

    way = SelectField(_l("Reach them first by"), choices=_choices(words.WAYS), default=str(Way.FORM))
    next_way = SelectField(_l("Then by"), [Optional()], choices=_choices(words.WAYS, _l("Nothing else")), default="")
    note = BlockField(_l("What to know"), [Length(max=600, message=_LONG)])
    checked_on = DateField(_l("Checked on"), [Optional()])
    version = VersionField()

    def preference(self) -> Preference:
        """What was filled in."""
        return Preference(self.way.data, self.next_way.data or None, self.note.data or "", self.checked_on.data)
