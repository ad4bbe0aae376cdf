"""Forms of contacts and ledgers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from advocacy.campaigns.models import Bill
from advocacy.core.errors import RuleBroken
from advocacy.outreach import rules
from advocacy.outreach.models import LobbyingKind
from advocacy.outreach.services.contacting import Contact
from advocacy.outreach.services.recording import Entry
from advocacy.outreach.words import CONTACT_WORDS
from advocacy.web.fields import BlockField, LineField, VersionField
from advocacy.web.forms import Form

_TICKED: dict[str, Any] = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
_TOO_LONG = _l("Please use at most %(max)d characters.")
LOBBYING_WORDS = {
    LobbyingKind.DIRECT: _l("Direct lobbying"),
    LobbyingKind.GRASSROOTS: _l("Grassroots lobbying"),
    LobbyingKind.NOT_LOBBYING: _l("Not lobbying"),
    LobbyingKind.EXCEPTION_INVITED: _l("Not counted: advice a committee asked for in writing"),
    LobbyingKind.EXCEPTION_ANALYSIS: _l("Not counted: nonpartisan analysis or research"),
}


def _choices(words: dict[Any, Any], empty: Any = None) -> list[SelectChoice]:  # noqa: ANN401 - lazily translated
    first = [SelectChoice("", empty)] if empty is not None else []
    return [*first, *(SelectChoice(str(value), label) for value, label in words.items())]


def _bills(bills: Sequence[Bill]) -> list[SelectChoice]:
    found = [SelectChoice(str(bill.id), f"{bill.identifier} · {bill.title}"[:120]) for bill in bills]
    return [SelectChoice("", _l("None")), *found]


class MoneyField(StringField):
    """An amount in dollars and cents; ``minor`` is what was meant, in cents."""

    minor = 0

    def pre_validate(self, form: Form) -> None:
        """Read it, or say how it is typed."""
        del form
        try:
            self.minor = rules.minor_of(self.data or "")
        except RuleBroken:
            raise ValidationError(_l("Enter an amount such as 120 or 120.50.")) from None


class ContactForm(Form):
    """A contact with a lawmaker or an office."""

    office = LineField(
        _l("Who was reached"),
        [InputRequired(_l("Say who was reached.")), Length(max=200, message=_TOO_LONG)],
    )
    lawmaker = LineField(_l("Lawmaker in the directory"), [Length(max=80, message=_TOO_LONG)])
    legislator = RadioField(_l("Who of these"), [Optional()], choices=[], validate_choice=False)
    find = SubmitField(_l("Find"))
    kind = SelectField(_l("How"), choices=_choices(CONTACT_WORDS))
    happened_on = DateField(_l("Day"), [InputRequired(_l("Give the day."))])
    members = SelectMultipleField(_l("Who of you took part"), coerce=int, choices=[], **_TICKED)
    participants = LineField(_l("Others who came with you"), [Length(max=400, message=_TOO_LONG)])
    staff = LineField(_l("Their people"), [Length(max=400, message=_TOO_LONG)])
    bill = SelectField(_l("Bill"), [Optional()], choices=[SelectChoice("", _l("None"))])
    further_bills = SelectMultipleField(_l("Further bills it was about"), coerce=int, choices=[], **_TICKED)
    lobbying_kind = SelectField(
        _l("Was it lobbying?"), [Optional()], choices=_choices(LOBBYING_WORDS, _l("Not about a bill"))
    )
    lobbying_reason = LineField(_l("Why it was not lobbying"), [Length(max=400, message=_TOO_LONG)])
    outcome = BlockField(_l("What came of it"), [Length(max=4000, message=_TOO_LONG)])
    notes = BlockField(_l("Notes for the next talk"), [Length(max=4000, message=_TOO_LONG)])
    follow_up_on = DateField(_l("Follow up on"), [Optional()])
    version = VersionField()

    def offer_bills(self, bills: Sequence[Bill]) -> None:
        """Let the organizer pick one of the coalition's bills."""
        self.bill.choices = _bills(bills)
        self.further_bills.choices = [(bill.id, bill.identifier) for bill in bills]

    def offer_members(self, names: Mapping[int, str]) -> None:
        """Let the organizer tick people of the coalition, by account."""
        self.members.choices = sorted(names.items(), key=lambda one: (one[1].casefold(), one[0]))

    def offer_lawmakers(self, names: Mapping[str, str]) -> None:
        """Show who was found, by lasting key; nobody of them is a choice too."""
        self.legislator.choices = [
            *(SelectChoice(key, name) for key, name in names.items()),
            *([SelectChoice("", _l("None of these"))] if names else []),
        ]

    def contact(self, letter_id: int | None = None) -> Contact:
        """What was filled in."""
        return Contact(
            office=self.office.data or "",
            legislator_key=self.legislator.data or "",
            kind=self.kind.data,
            happened_on=self.happened_on.data,
            participants=self.participants.data or "",
            member_ids=tuple(self.members.data or ()),
            staff=self.staff.data or "",
            bill_id=int(self.bill.data) if (self.bill.data or "").isdecimal() else None,
            further_bill_ids=tuple(self.further_bills.data or ()),
            letter_id=letter_id,
            lobbying_kind=self.lobbying_kind.data or None,
            lobbying_reason=self.lobbying_reason.data or "",
            outcome=self.outcome.data or "",
            notes=self.notes.data or "",
            follow_up_on=self.follow_up_on.data,
        )


class VersionForm(Form):
    """The version of a row that a button on its page saw."""

    version = VersionField()


class EntryForm(Form):
    """Time and cost in one's own ledger."""

    happened_on = DateField(_l("Day"), [InputRequired(_l("Give the day."))])
    kind = SelectField(_l("What it was"), choices=_choices(LOBBYING_WORDS))
    what = LineField(
        _l("What was done"),
        [InputRequired(_l("Say in a few words what was done.")), Length(max=400, message=_TOO_LONG)],
    )
    minutes = IntegerField(
        _l("Minutes"),
        [Optional(), NumberRange(0, rules.MINUTES_MOST, message=_l("Give whole minutes, from 0 up."))],
    )
    cost = MoneyField(_l("Cost in dollars"), [Length(max=20, message=_TOO_LONG)])
    bill = SelectField(_l("Bill"), [Optional()], choices=[SelectChoice("", _l("None"))])
    reason = LineField(_l("Why it is not lobbying"), [Length(max=400, message=_TOO_LONG)])
    document = LineField(_l("Document that shows it"), [Length(max=400, message=_TOO_LONG)])
    prompt = StringField(widget=HiddenInput())
    version = VersionField()

    def offer_bills(self, bills: Sequence[Bill]) -> None:
        """Let people pick one of the coalition's bills."""
        self.bill.choices = _bills(bills)

    def entry(self) -> Entry:
        """What was filled in."""
        return Entry(
            kind=self.kind.data,
            happened_on=self.happened_on.data,
            what=self.what.data or "",
            minutes=self.minutes.data or 0,
            cost_minor=self.cost.minor,
            bill_id=int(self.bill.data) if (self.bill.data or "").isdecimal() else None,
            reason=self.reason.data or "",
            document=self.document.data or "",
        )


class ReasonForm(Form):
    """Why an entry is taken back, or why there is nothing to enter."""

    reason = LineField(_l("Why"), [InputRequired(_l("Say why.")), Length(max=400, message=_TOO_LONG)])


class SpendingForm(Form):
    """What an organization spends on its purpose in a year."""

    spending = MoneyField(
        _l("Spending on your purpose this year, in dollars"), [InputRequired(_l("Enter an amount of money."))]
    )
    year = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(2000, 2200)])
